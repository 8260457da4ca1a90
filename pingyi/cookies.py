"""Names of cookies. Under HTTPS they carry the prefix with which no sibling site and no page in clear can set them.

`__Host-` binds a cookie to this very host, `Secure` and the path `/`. A cookie that shall go to some pages alone has a
path of its own, and gets `__Secure-`.
"""

from django.conf import settings


def cookie_name(name: str, *, path: str = "/") -> str:
    if not settings.HTTPS:
        return name
    return f"__Host-{name}" if path == "/" else f"__Secure-{name}"


def cookie_context(request):
    """Template context: the name of the cookie in which scripts find the newest token."""
    return {"csrf_cookie": settings.CSRF_COOKIE_NAME}
