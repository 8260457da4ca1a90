"""Every page bears the policy that lets nothing but our own files run."""

import pytest

POLICY = (
    "default-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; object-src 'none'; "
    "frame-ancestors 'none'"
)


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "status"), [("/login/", 200), ("/records/", 200), ("/nowhere/", 404), ("/", 302)])
def test_every_answer_bears_the_policy(client, path, status):
    answer = client.get(path)

    assert answer.status_code == status
    assert directives(answer.headers["Content-Security-Policy"]) == directives(POLICY)


def directives(policy):
    return {part.strip() for part in policy.split(";")}
