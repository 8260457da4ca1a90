"""Puts a backup back on a machine without data: `manage.py restore FILE`."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from ...backups import envelope, making, restoring
from ...backups.databases import CannotCopy
from ...backups.passphrases import asked_passphrase


class Command(BaseCommand):
    help = "把一份备份恢复到还没有数据的安装里，升级到现在的版本，重新计票核对。先停止网页服务和后台程序。"

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE", help="备份文件")
        parser.add_argument(
            "--passphrase-file",
            metavar="FILE",
            help="口令在这个文件里；不写的从环境变量PINGYI_BACKUP_PASSPHRASE取，没有就问",
        )

    def handle(self, *, file, passphrase_file, **options):
        try:
            passphrase = asked_passphrase(passphrase_file)
            manifest = restoring.restore_backup(Path(file), passphrase, stdout=self.stdout)
        except (restoring.NotEmpty, making.NotWhole, CannotCopy, envelope.CannotOpen) as refusal:
            raise CommandError(str(refusal)) from refusal
        except OSError as error:
            raise CommandError(f"没有恢复，{error.filename or file}读不了或者写不了：{error.strerror}。") from error
        self.stdout.write(
            f"已恢复{manifest['made_at'][:16].replace('T', ' ')}的备份，票箱{manifest['boxes']}个，重新计票一致。"
        )
