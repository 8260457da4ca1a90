#!/usr/bin/env bash
# Installs pingyi on a bare Debian 12 or Ubuntu 24.04, or brings an installation up to this version; see docs/deploy.md.
# Every step looks first: a second run mends what is missing and leaves keys, data and certificates as they are.
set -euo pipefail
# The system's own Python, which every account may run.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin

readonly SOURCE="$(cd "$(dirname "$0")/.." && pwd)"
readonly FILES="$SOURCE/scripts/deploy"
readonly CODE=/opt/pingyi DATA=/var/lib/pingyi BACKUPS=/var/backups/pingyi SETTINGS=/etc/pingyi
readonly ENVIRONMENT=$SETTINGS/pingyi.env PASSPHRASE=$SETTINGS/backup-passphrase TLS=$SETTINGS/tls
readonly UNITS=(pingyi-web.service pingyi-worker.service pingyi-backup.timer)

usage() {
    cat <<'END'
用法：scripts/deploy.sh --site 网址里的主机名或地址 [--certificate 证书文件 --key 私钥文件] [--while-open] [--without-backup]
  --site         用户在浏览器里输入的主机名，如 pingyi.example.org；再次运行时可以不写
  --certificate  PEM 格式的证书（连同中间证书）；不给的，做一份自签名证书，浏览器会提醒
  --while-open   收票期间也升级（通常不要：要等全部封存）
  --without-backup  升级前不做备份：只在旧版本的备份本身做不成、已经用别的办法（如 pg_dump）留了一份时用
END
}

step() { printf '\n── %s\n' "$1"; }
fail() { printf '没有完成：%s\n' "$1" >&2; exit 1; }
has_systemd() { [ -d /run/systemd/system ]; }
as_pingyi() { "$SETTINGS/run" "$@"; }

read_arguments() {
    site="" certificate="" key="" while_open="" without_backup=""
    while [ $# -gt 0 ]; do
        case "$1" in
            --site | --certificate | --key)
                [ $# -ge 2 ] || fail "$1 后面要写值。"
                printf -v "${1#--}" %s "$2"
                shift 2
                ;;
            --while-open) while_open=--while-open; shift ;;
            --without-backup) without_backup=1; shift ;;
            --help) usage; exit 0 ;;
            *) usage >&2; fail "不认识的参数 $1。" ;;
        esac
    done
    if [ -z "$site" ] && [ -f "$ENVIRONMENT" ]; then
        site="$(sed -n 's/^PINGYI_HOSTS="\([^,"]*\).*/\1/p' "$ENVIRONMENT")"
    fi
    [[ "$site" =~ ^[A-Za-z0-9.-]+$ ]] || { usage >&2; fail "--site 只写主机名或者地址，如 pingyi.example.org，现在是“$site”。"; }
    [ -z "$certificate$key" ] || { [ -r "$certificate" ] && [ -r "$key" ]; } || fail "--certificate 和 --key 一起给，两个文件都要读得到。"
}

look_at_machine() {
    [ "$(id -u)" = 0 ] || fail "请用 root 运行（sudo scripts/deploy.sh …）。"
    command -v apt-get >/dev/null || fail "只会用 apt-get 安装软件包；其他系统请照 docs/deploy.md 手工安装。"
    . /etc/os-release
    case "$ID $VERSION_ID" in
        "debian 12" | "ubuntu 24.04") ;;
        *) echo "提醒：在 Debian 12 上试过，这里是 ${PRETTY_NAME:-$ID}，继续。" ;;
    esac
}

install_packages() {
    local missing=() package
    for package in python3 python3-venv postgresql nginx openssl; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    # An office without network has put them on the machine beforehand, or has a mirror of its own.
    apt-get -q update || echo "提醒：软件包的清单没有更新。"
    DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends "${missing[@]}" >/dev/null ||
        fail "没有装上：${missing[*]}。没有网络的，请先从安装介质或者本单位的镜像装好。"
}

make_account_and_folders() {
    id pingyi >/dev/null 2>&1 || useradd --system --user-group --home-dir "$DATA" --shell /usr/sbin/nologin pingyi
    install -d -m 0700 -o pingyi -g pingyi "$DATA" "$BACKUPS"
    install -d -m 0750 -o root -g pingyi "$SETTINGS"
    install -d -m 0700 "$TLS"
}

write_settings() {
    if [ ! -f "$ENVIRONMENT" ]; then
        (
            umask 077
            sed -e "s/@SITE@/$site/" -e "s/@WORKERS@/$(nproc)/" -e "s/@SECRET@/$(openssl rand -hex 32)/" \
                "$FILES/pingyi.env" >"$ENVIRONMENT.new"
        )
        mv "$ENVIRONMENT.new" "$ENVIRONMENT"
    fi
    sed -i "s/^PINGYI_HOSTS=.*/PINGYI_HOSTS=\"$site,127.0.0.1\"/" "$ENVIRONMENT"
    chown root:root "$ENVIRONMENT"
    chmod 0600 "$ENVIRONMENT"
    if [ ! -f "$PASSPHRASE" ]; then
        (umask 077 && openssl rand -hex 20 >"$PASSPHRASE")
        new_passphrase=1
    fi
    install -m 0755 "$FILES/run" "$SETTINGS/run"
    ln -sf "$SETTINGS/run" /usr/local/bin/pingyi
}

make_database() {
    if has_systemd; then systemctl start postgresql; else
        pg_lsclusters -h | awk '$4 != "online" {print $1, $2}' | while read -r version name; do
            pg_ctlcluster "$version" "$name" start
        done
    fi
    # Statements carry what was typed; a log segment that is used again keeps the order of ballots.
    (cd / && runuser -u postgres -- psql -q -v ON_ERROR_STOP=1 >/dev/null) <<'END'
SELECT 'CREATE ROLE pingyi LOGIN CREATEDB' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'pingyi') \gexec
SELECT 'CREATE DATABASE pingyi OWNER pingyi ENCODING ''UTF8'' TEMPLATE template0'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'pingyi') \gexec
ALTER ROLE pingyi SET log_statement = 'none';
ALTER ROLE pingyi SET log_min_error_statement = 'panic';
ALTER SYSTEM SET wal_recycle = 'off';
SELECT pg_reload_conf();
END
}

is_installed() { [ -x "$CODE/.venv/bin/python" ] && [ -f "$DATA/installed" ]; }

back_up_before_upgrade() {
    step "升级前的备份"
    if [ -n "$without_backup" ]; then
        refuse_while_open
        return 0
    fi
    # Also what keeps an upgrade out of the time in which ballots are taken.
    PINGYI_BACKUP_PASSPHRASE="$(<"$PASSPHRASE")" as_pingyi backup --folder "$BACKUPS" --keep 14 $while_open ||
        fail "升级前的备份没有做成，什么也没有改；原因见上。收票期间不升级，请等全部封存以后再来；旧版本的备份本身有误的，见 docs/deploy.md 第四节。"
}

refuse_while_open() {
    local asking="from campaigns.models import Poll; print(Poll.objects.filter(state__in=['rehearsing', 'open', 'closed']).count())"
    [ -n "$while_open" ] || [ "$(as_pingyi shell -v 0 -c "$asking")" = 0 ] ||
        fail "还有评议点在收票、演练或者没有封存，什么也没有改。收票期间不升级，请等全部封存以后再来。"
    echo "照 --without-backup，没有做升级前的备份。"
}

stop_services() {
    has_systemd || return 0
    systemctl stop pingyi-backup.timer pingyi-worker.service pingyi-web.service 2>/dev/null || true
}

copy_code() {
    [ "$SOURCE" != "$CODE" ] || return 0
    rm -rf "$CODE.next"
    mkdir -m 0755 "$CODE.next"
    tar -C "$SOURCE" --exclude=./.git --exclude=./.venv --exclude=./var --exclude=__pycache__ -cf - . | tar -C "$CODE.next" --no-same-owner -xf -
    if [ -d "$CODE" ]; then
        [ ! -d "$CODE/.venv" ] || mv "$CODE/.venv" "$CODE.next/.venv"
        rm -rf "$CODE.previous"
        mv "$CODE" "$CODE.previous"
    fi
    mv "$CODE.next" "$CODE"
}

install_program() {
    (umask 022 && PINGYI_VAR="$DATA" python3 "$CODE/scripts/setup.py" --without-database) ||
        fail "程序库没有装好；原因见上。"
    "$CODE/.venv/bin/python" -m compileall -q -x '/(\.venv|tests)/' "$CODE"
    chmod -R u+rwX,go+rX,go-w "$CODE"
    chown -R pingyi:pingyi "$DATA"
    as_pingyi migrate --no-input --verbosity=0 || fail "数据库没有迁移好；原因见上。以前的程序在 $CODE.previous，升级前的备份在 $BACKUPS。"
    as_pingyi collectstatic --no-input --verbosity=0 || fail "静态文件没有收集好；原因见上。"
    touch "$DATA/installed"
}

place_certificate() {
    if [ -n "$certificate" ]; then
        install -m 0600 "$certificate" "$TLS/certificate.pem"
        install -m 0600 "$key" "$TLS/key.pem"
    elif [ ! -f "$TLS/certificate.pem" ]; then
        local kind=DNS
        [[ "$site" =~ ^[0-9.]+$ ]] && kind=IP
        (umask 077 && openssl req -x509 -newkey rsa:2048 -nodes -days 825 -subj "/CN=$site" \
            -addext "subjectAltName=$kind:$site" -keyout "$TLS/key.pem" -out "$TLS/certificate.pem" 2>/dev/null)
        echo "做了一份自签名证书，浏览器第一次会提醒；换正式的：scripts/deploy.sh --certificate 文件 --key 文件"
    fi
}

place_site() {
    sed -e "s/@SITE@/$site/g" -e "s#@CERTIFICATE@#$TLS/certificate.pem#" -e "s#@KEY@#$TLS/key.pem#" \
        "$FILES/nginx-site.conf" >/etc/nginx/sites-available/pingyi.conf
    [ -e /proc/net/if_inet6 ] || sed -i '/listen \[::\]/d' /etc/nginx/sites-available/pingyi.conf
    ln -sf ../sites-available/pingyi.conf /etc/nginx/sites-enabled/pingyi.conf
    [ ! -L /etc/nginx/sites-enabled/default ] || rm /etc/nginx/sites-enabled/default
    nginx -t -q || fail "nginx 的配置有误；原因见上。"
    if has_systemd; then systemctl enable -q nginx && systemctl reload-or-restart nginx; fi
}

place_units() {
    install -m 0644 "$FILES"/pingyi-*.service "$FILES"/pingyi-*.timer /etc/systemd/system/
    install -m 0644 "$FILES/journald@pingyi.conf" /etc/systemd/
    has_systemd || { echo "提醒：这里没有运行 systemd，服务没有启动。"; return 0; }
    systemctl daemon-reload
    systemctl enable -q "${UNITS[@]}"
    systemctl restart "${UNITS[@]}"
}

wait_until_ready() {
    has_systemd || return 0
    local asking="import urllib.request as asked; asked.urlopen('http://127.0.0.1:8000/readyz', timeout=2)"
    for _ in {1..30}; do
        if python3 -c "$asking" 2>/dev/null; then return 0; fi
        sleep 1
    done
    echo "网页服务或者后台程序没有起来：journalctl --namespace=pingyi -n 50"
}

tell_end() {
    printf '\n装好了：https://%s/\n' "$site"
    [ -z "${new_passphrase:-}" ] || cat <<END
备份的口令在 $PASSPHRASE，请抄到这台机器以外的地方：没有它，备份谁也打不开。
END
    cat <<'END'
首任管理员：pingyi first_administrator 用户名　　检查：pingyi doctor　　日志：journalctl --namespace=pingyi
END
}

main() {
    read_arguments "$@"
    look_at_machine
    step "系统软件包"
    install_packages
    step "账号、文件夹、设置"
    make_account_and_folders
    write_settings
    step "数据库"
    make_database
    if is_installed; then
        back_up_before_upgrade
    fi
    stop_services
    step "程序"
    copy_code
    install_program
    step "证书、nginx、服务"
    place_certificate
    place_site
    place_units
    step "检查"
    wait_until_ready
    as_pingyi doctor || true
    tell_end
}

# Whole before any of it runs: an upgrade may replace this file.
main "$@"
exit
