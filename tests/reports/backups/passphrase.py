"""The passphrase that locks the backups of tests."""

PASSPHRASE = "一份只在测试里用的备份口令"
