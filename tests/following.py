"""A concern behind its code: opened, and read, as its reporter does it."""

ENTER, CONCERN = "/follow/", "/follow/concern/"
MESSAGE, ANSWER = "/follow/concern/message/", "/follow/concern/answer/"
WITHDRAW = "/follow/concern/withdraw/"


def enter(client, code):
    return client.post(ENTER, {"c": code})


def follow(client, concern):
    """Open a concern by its code, as its reporter does."""
    assert enter(client, concern.code).status_code == 302
    return concern


def read(client):
    response = client.get(CONCERN)
    assert response.status_code == 200
    return response.content.decode()
