"""A chat client with nothing but Python's standard library: joins a room, says something, prints what is said.

    python3 chat.py ws://127.0.0.1:3000/chat/socket.io/ lobby --name Ann --say "Hello"
"""

import argparse
import base64
import json
import os
import secrets
import socket
import ssl
import struct
import time
from urllib.parse import urlsplit

# How long the server may say nothing: its ping comes every 15 s.
SILENCE_S = 30


class Closed(Exception):
    """The connection is over; what was asked may have been done."""


class WebSocket:
    """Text over one WebSocket (RFC 6455), as far as a chat needs it."""

    def __init__(self, url):
        address = urlsplit(url)
        is_safe = address.scheme == "wss"
        port = address.port or (443 if is_safe else 80)
        self._socket = socket.create_connection((address.hostname, port), timeout=SILENCE_S)
        if is_safe:
            self._socket = ssl.create_default_context().wrap_socket(self._socket, server_hostname=address.hostname)
        self._received = self._socket.makefile("rb")
        key = base64.b64encode(os.urandom(16)).decode()
        self._socket.sendall(
            f"GET {address.path}?EIO=4&transport=websocket HTTP/1.1\r\nHost: {address.netloc}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        status = self._received.readline().decode().strip()
        while self._received.readline() not in (b"\r\n", b""):
            pass
        if " 101 " not in f"{status} ":
            raise Closed(f"the server answered {status or 'nothing'}")

    def send(self, text):
        self._frame(1, text.encode())

    def receive(self):
        """The next text; waits for it."""
        parts = []
        while True:
            first, second = self._read(2)
            length = second & 127
            if length > 125:
                length = struct.unpack(">H" if length == 126 else ">Q", self._read(2 if length == 126 else 8))[0]
            payload, kind = self._read(length), first & 15
            if kind == 8:
                raise Closed("the server closed the connection")
            if kind == 9:
                self._frame(10, payload)
            elif kind in (0, 1):
                parts.append(payload)
                if first & 128:
                    return b"".join(parts).decode()

    def close(self):
        self._socket.close()

    def _frame(self, kind, payload):
        size = len(payload)
        if size < 126:
            head = struct.pack(">BB", 128 | kind, 128 | size)
        elif size < 65_536:
            head = struct.pack(">BBH", 128 | kind, 254, size)
        else:
            head = struct.pack(">BBQ", 128 | kind, 255, size)
        mask = os.urandom(4)
        self._socket.sendall(head + mask + bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload)))

    def _read(self, count):
        data = self._received.read(count)
        if len(data) < count:
            raise Closed("the connection broke")
        return data


class Chat:
    """One room over one connection. What is in the frames is in docs/protocol.md."""

    def __init__(self, url, room, name=None, guest_token=None, after=None, on_event=print):
        self.room, self.cursor, self.on_event = room, after, on_event
        self._asked = 0
        self._wire = WebSocket(url)
        self._next()
        self._wire.send("40" + json.dumps({"protocol": [1], "guestName": name, "guestToken": guest_token} if guest_token else {"protocol": [1], **({"guestName": name} if name else {})}))
        while not hasattr(self, "user"):
            self._hear(self._next())
        self._catch_up(self.ask("room:join", {"roomId": room, **({"after": after} if after else {})})["catchUp"])

    def send(self, text, id=None):
        """Says something; the same id again is the same message."""
        return self.ask("message:send", {"roomId": self.room, "id": id or uuid7(), "text": text})["event"]

    def ask(self, name, question):
        self._asked += 1
        mine = self._asked
        self._wire.send(f"42{mine}{json.dumps([name, question])}")
        while True:
            frame = self._next()
            if frame.startswith(f"43{mine}["):
                answer = json.loads(frame[len(f"43{mine}"):])[0]
                if answer["ok"]:
                    return answer["data"]
                raise RuntimeError(answer["error"]["message"])
            self._hear(frame)

    def listen(self):
        """Hears one thing, whatever it is."""
        self._hear(self._next())

    def close(self):
        self._wire.close()

    def _next(self):
        try:
            frame = self._wire.receive()
        except OSError as error:
            raise Closed(str(error)) from error
        if frame == "2":
            self._wire.send("3")
        elif frame.startswith("44"):
            raise RuntimeError(json.loads(frame[2:])["data"]["message"])
        return frame

    def _hear(self, frame):
        if not frame.startswith("42["):
            return
        name, payload = json.loads(frame[2:])
        if name == "session:ready":
            self.user, self.guest_token = payload["user"], payload.get("guestToken")
        elif name == "room:events" and self.cursor is not None:
            self._take(payload["events"])
        elif name == "room:heads" and self.cursor is not None:
            if any(room["roomId"] == self.room and room["seq"] > self.cursor["seq"] for room in payload["heads"]):
                self._sync()

    def _take(self, events):
        """Applies what comes next; what was applied is dropped, and a hole is read from the log."""
        for event in events:
            if event["seq"] == self.cursor["seq"] + 1:
                self.cursor["seq"] = event["seq"]
                self.on_event(event)
            elif event["seq"] > self.cursor["seq"]:
                return self._sync()

    def _sync(self):
        self._catch_up(self.ask("room:sync", {"roomId": self.room, "after": self.cursor}))

    def _catch_up(self, answer):
        if answer["kind"] == "events":
            self._take(answer["events"])
            if answer["more"]:
                self._sync()
            return
        self.cursor = {"epoch": answer["epoch"], "seq": answer["head"]}
        for message in answer["messages"]:
            self.on_event({**message, "type": "message.sent"})


def uuid7():
    """Milliseconds since 1970 and 74 random bits."""
    number = int(time.time() * 1000) << 80 | 7 << 76 | secrets.randbits(12) << 64 | 2 << 62 | secrets.randbits(62)
    text = f"{number:032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def main():
    options = argparse.ArgumentParser(description="Joins a room, says something, prints what is said.")
    options.add_argument("url", help="such as ws://127.0.0.1:3000/chat/socket.io/")
    options.add_argument("room")
    options.add_argument("--name", help="what to be called")
    options.add_argument("--say", help="what to say first")
    given = options.parse_args()

    def show(event):
        if event["type"] == "message.sent":
            print(f"{event['author']['name']}: {event['text']}", flush=True)

    # Under one id however often it is asked, so that it is said once.
    message_id, said, known = uuid7(), given.say is None, {}
    while True:
        try:
            chat = Chat(given.url, given.room, name=given.name, on_event=show, **known)
            known = {"guest_token": chat.guest_token, "after": chat.cursor}
            if not said:
                chat.send(given.say, message_id)
                said = True
            while True:
                chat.listen()
        except (Closed, OSError) as reason:
            print(f"({reason}; trying again)", flush=True)
            time.sleep(1)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        pass
