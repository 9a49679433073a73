"""A mail server for one letter: says what it hears, and whether it came over TLS.

usage: mail-server.py starttls|smtps CERTIFICATE KEY
"""

import socket
import ssl
import sys

how, certificate, key = sys.argv[1:]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)


def say(text):
    print(text, flush=True)


def serve(connection):
    encrypted = how == "smtps"
    if encrypted:
        connection = context.wrap_socket(connection, server_side=True)
    stream = connection.makefile("rwb")

    def answer(*lines):
        for line in lines:
            stream.write(line.encode() + b"\r\n")
        stream.flush()

    answer("220 mail.test")
    in_letter = False
    while raw := stream.readline():
        line = raw.decode().rstrip("\r\n")
        say(("tls: " if encrypted else "plain: ") + line)
        if in_letter:
            if line == ".":
                in_letter = False
                answer("250 2.0.0 queued as 42")
        elif line.startswith("EHLO"):
            answer("250-mail.test", "250-AUTH PLAIN" if encrypted else "250-STARTTLS", "250 HELP")
        elif line == "STARTTLS":
            answer("220 go on")
            stream.close()
            connection = context.wrap_socket(connection, server_side=True)
            stream = connection.makefile("rwb")
            encrypted = True
        elif line.startswith("AUTH"):
            answer("235 welcome" if len(line.split()) > 2 else "334 ")
        elif line == "DATA":
            in_letter = True
            answer("354 go on")
        elif line == "QUIT":
            answer("221 bye")
            return
        else:
            # The second line of a login is one of these.
            answer("250 ok" if line[:4] in ("MAIL", "RCPT") else "235 welcome")


listener = socket.create_server(("127.0.0.1", 0))
say(f"port {listener.getsockname()[1]}")
try:
    serve(listener.accept()[0])
except OSError as error:
    say(f"error: {type(error).__name__}")
say("end")
