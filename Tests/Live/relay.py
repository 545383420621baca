"""A way between a program and a socket that can be held up: both ends stand, and nothing passes."""

import shutil
import socket
import threading

from server import temporary_folder


class Relay:
    """`target` is the path of a unix socket, or a port of loopback; `name` is that of the socket which leads there."""

    def __init__(self, target: str | int, name: str = "relay.sock"):
        self.folder = temporary_folder("relay")
        self.target = target
        self.socket = self.folder / name
        self.url = f"unix://{self.socket}"
        self._passable = threading.Event()
        self._passable.set()
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self.socket))
        self._listener.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._connect, args=(near,), daemon=True).start()

    def _connect(self, near: socket.socket):
        self._passable.wait()
        is_port = isinstance(self.target, int)
        far = socket.socket(socket.AF_INET if is_port else socket.AF_UNIX)
        try:
            far.connect(("127.0.0.1", self.target) if is_port else self.target)
        except OSError:
            near.close()
            return
        for source, sink in ((near, far), (far, near)):
            threading.Thread(target=self._pass, args=(source, sink), daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket):
        try:
            while data := source.recv(65536):
                self._passable.wait()
                sink.sendall(data)
        except OSError:
            pass
        finally:
            # Whoever reads or writes at either end learns of the other's end, but no earlier than it passes.
            self._passable.wait()
            for end in (source, sink):
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass

    def hold(self):
        self._passable.clear()

    def release(self):
        self._passable.set()

    def close(self):
        self.release()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        shutil.rmtree(self.folder, ignore_errors=True)
