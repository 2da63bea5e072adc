# SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
"""The connection to a server, and a server started for the occasion."""

import json
import os
import signal
import socket
import subprocess
import tempfile


# A longer answer is none of a server's: the longest holds a response of 128 KiB in hexadecimal.
_LONGEST_ANSWER = 1 << 24


class ServerError(Exception):
    """The server answered with an error, or not at all."""


class Client:
    """One connection. Requests of docs/server.md are methods, or go through request()."""

    def __init__(self, address, timeout=120.0):
        """`address` is unix:PATH or tcp:HOST:PORT."""
        kind, _, rest = address.partition(":")
        try:
            if kind == "unix":
                self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
                self._socket.settimeout(timeout)
                self._socket.connect(rest)
            elif kind == "tcp":
                host, _, port = rest.rpartition(":")
                self._socket = socket.create_connection((host, int(port)), timeout)
            else:
                raise ServerError(f"'{address}' is neither unix:PATH nor tcp:HOST:PORT")
        except (OSError, ValueError) as error:
            raise ServerError(f"cannot connect to {address}: {error}") from error
        self._file = self._socket.makefile("rwb")
        self._next_id = 1

    def close(self):
        self._file.close()
        self._socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def request(self, what, **arguments):
        """Sends one request and returns the answer's members."""
        number, self._next_id = self._next_id, self._next_id + 1
        line = json.dumps({"id": number, "do": what, **arguments}) + "\n"
        try:
            self._file.write(line.encode())
            self._file.flush()
            answer = self._file.readline(_LONGEST_ANSWER)
        except OSError as error:
            raise ServerError(f"the connection broke: {error}") from error
        if not answer.endswith(b"\n"):
            raise ServerError("the answer is too long" if len(answer) == _LONGEST_ANSWER else "the server closed the connection")
        try:
            reply = json.loads(answer)
        except (ValueError, RecursionError):
            reply = None
        if not isinstance(reply, dict):
            raise ServerError("the answer is no JSON object")
        if reply.get("id") != number:
            raise ServerError("the answer is to another request")
        if not reply.get("ok"):
            raise ServerError(str(reply.get("error", "the server gives no reason")))
        return reply

    @staticmethod
    def _member(reply, name, kind):
        """One member of an answer, which must be of that type."""
        if not isinstance(reply.get(name), kind):
            raise ServerError(f"the answer has no {name}")
        return reply[name]

    def mailbox(self, command, payload=b"", **arguments):
        """Runs a mailbox command. `payload` is what follows the checksum. Returns (status, response bytes, reply)."""
        reply = self.request("mailbox", command=command, payload=bytes(payload).hex(), **arguments)
        try:
            return self._member(reply, "status", str), bytes.fromhex(self._member(reply, "response", str)), reply
        except ValueError:
            raise ServerError("the answer's response is not hexadecimal") from None

    def read(self, address):
        return self._member(self.request("read", address=address), "data", int)

    def write(self, address, data):
        self.request("write", address=address, data=data)

    def run(self, cycles=None, until=None):
        arguments = {key: value for key, value in (("cycles", cycles), ("until", until)) if value is not None}
        return self.request("run", **arguments)

    def cold_reset(self):
        self.request("reset", kind="cold")

    def warm_reset(self):
        self.request("reset", kind="warm")

    def status(self):
        return self.request("status")

    def fuses(self):
        return self._member(self.request("fuses"), "fuses", dict)

    def events(self):
        """What has happened since the last call: a list of {event, value, cycle, instructions}."""
        return self._member(self.request("events"), "events", list)

    def save(self, name):
        return self._member(self.request("snapshot", action="save", name=name), "size", int)

    def restore(self, name):
        self.request("snapshot", action="restore", name=name)

    def drop(self, name):
        self.request("snapshot", action="drop", name=name)


class Server:
    """A server in a folder of its own, which ends with the `with` statement."""

    def __init__(self, program, *options, protocol="json"):
        """`options` are those of `caliptra-emu serve`, such as "--rom", FILE."""
        self._folder = tempfile.TemporaryDirectory()
        self.address = "unix:" + os.path.join(self._folder.name, "socket")
        command = [program, "serve", "--socket", self.address, "--protocol", protocol, *map(str, options)]
        self._errors = open(os.path.join(self._folder.name, "errors"), "w+b")
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self._errors, text=True)
        line = self.process.stdout.readline()
        if not line.startswith("listening on "):
            status = self.process.wait()
            errors = self.errors().strip().splitlines()
            self._cleanup()
            raise ServerError(f"the server ended with status {status}: {errors[-1] if errors else ''}")

    def errors(self):
        """The console and what the server said, so far."""
        self._errors.seek(0)
        return self._errors.read().decode(errors="replace")

    def stop(self):
        """Ends the server in good order. Returns its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)

    def _cleanup(self):
        self.process.stdout.close()
        self._errors.close()
        self._folder.cleanup()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._cleanup()
