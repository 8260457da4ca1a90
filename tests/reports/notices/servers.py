"""A mail server and the server of a robot, on the loopback: they take what comes and keep it."""

import socket
import socketserver
import ssl
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def nobody():
    """An address on the loopback at which nobody listens, and no other program of this machine can meanwhile."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()


@contextmanager
def serving(server):
    """A server in a thread of its own."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


class Mail(socketserver.StreamRequestHandler):
    """A conversation of SMTP; `server.answers` says otherwise for a command: None goes away, "" stays without a word."""

    def say(self, text):
        if not text:
            return
        self.wfile.write(f"{text}\r\n".encode())

    def handle(self):
        self.say("220 here")
        while line := self.rfile.readline().decode().strip():
            word = line.split()[0].upper()
            answer = self.server.answers.get(word, "354 go on" if word == "DATA" else "250 fine")
            if answer is None:
                return
            self.say(answer)
            if word == "QUIT":
                return
            if word == "DATA" and answer.startswith("354"):
                lines = iter(self.rfile.readline, b".\r\n")
                self.server.mails.append(b"".join(lines))
                if self.server.answers.get("END", "") is None:
                    return
                self.say(self.server.answers.get("END", "250 taken"))


def mail_server(**answers):
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Mail)
    server.daemon_threads = True
    server.mails, server.answers = [], answers
    return serving(server)


class Robot(BaseHTTPRequestHandler):
    """A robot that answers the server's `status` and `body`, with a `location` where it has one."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posts.append((self.path, self.headers["Host"], body.decode()))
        if self.server.status is None:
            return
        self.send_response(self.server.status)
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.end_headers()
        self.wfile.write(self.server.body.encode())

    do_GET = do_POST  # noqa: N815  http.server asks for it by this name

    def log_message(self, *_):
        pass


def robot_server(*, status=200, body='{"errcode": 0, "code": 0}', location="", certificate=None):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Robot)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    server.daemon_threads = True
    server.posts, server.status, server.body, server.location = [], status, body, location
    return serving(server)


def address_of(server):
    return f"http://127.0.0.1:{server.server_address[1]}/send?key=secret"
