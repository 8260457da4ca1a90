"""Makes an encrypted backup and reads it back: `manage.py backup FILE` or `manage.py backup --folder FOLDER --keep N`."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from pingyi.trouble import trouble_of

from ...backups import envelope, making
from ...backups.databases import CannotCopy
from ...backups.passphrases import asked_passphrase

NAME = "pingyi-%Y%m%d-%H%M%S.backup"


class Command(BaseCommand):
    help = "做一份加密的备份（数据库、密钥、附件），读回来重新计票，一致才算做成。"

    def add_arguments(self, parser):
        where = parser.add_mutually_exclusive_group(required=True)
        where.add_argument("file", nargs="?", metavar="FILE", help="写到这个文件")
        where.add_argument("--folder", metavar="FOLDER", help="写到这个文件夹，文件名里有日期和时刻")
        parser.add_argument("--keep", type=int, metavar="N", help="文件夹里只留最近的几份，其余删去")
        parser.add_argument(
            "--passphrase-file",
            metavar="FILE",
            help="口令在这个文件里；不写的从环境变量PINGYI_BACKUP_PASSPHRASE取，没有就问",
        )
        parser.add_argument(
            "--while-open", action="store_true", help="收票期间也做：备份同码条在一起能查出谁投了什么，封存以后要销毁"
        )

    def handle(self, *, file, folder, keep, passphrase_file, while_open, **options):
        if keep is not None and (keep < 1 or not folder):
            raise CommandError("--keep 同 --folder 一起用，至少留1份。")
        path = Path(file) if file else Path(folder) / timezone.localtime().strftime(NAME)
        if path.exists():
            raise CommandError(f"文件“{path}”已经有了，不覆盖，请换一个名字。")
        try:
            passphrase = asked_passphrase(passphrase_file, twice=True)
            backup = making.make_backup(path, passphrase, while_open=while_open)
        except (making.NotNow, making.NotWhole, CannotCopy, envelope.CannotOpen) as refusal:
            raise CommandError(str(refusal)) from refusal
        except OSError as error:
            reason = trouble_of(error) or f"{error.strerror}。"
            raise CommandError(f"备份没有做成，{error.filename or path}写不了：{reason}") from error
        how = (
            "读回来重新计票，一致"
            if backup.is_recounted
            else "读回来逐个文件核对，一致（没有建库的权限，没有重新计票）"
        )
        self.stdout.write(f"已备份到{path}（{path.stat().st_size / 1e6:.1f} MB，票箱{backup.boxes}个），{how}。")
        if while_open and (reason := making.why_not_now()):
            self.stderr.write(f"注意：{reason}")
        if folder and keep:
            self._forget(Path(folder), keep)

    def _forget(self, folder: Path, keep: int) -> None:
        """Delete all but the last backups of a folder; their names are their order."""
        for old in sorted(folder.glob("pingyi-*.backup"))[:-keep]:
            old.unlink()
            self.stdout.write(f"已删去旧的备份{old.name}。")
