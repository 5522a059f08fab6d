"""A practice platform and a home connected to it, for one measurement."""
import json
import os
import subprocess
import tempfile

from measure import Fault, program, run


class Practice:
    """Use as a context: the platform runs inside it; connect() makes the home."""

    def __init__(self, options=()):
        self.options = options

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="kaipiao-bench-")
        state = os.path.join(self.folder.name, "platform")
        os.mkdir(state)
        self.platform = subprocess.Popen(
            [program("leqi-sandbox"), "--state", state, "--parent-pid", str(os.getpid()),
             "--exit-with-stdin", *self.options], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        line = self.platform.stdout.readline()
        if not line:
            self.__exit__()
            raise Fault("leqi-sandbox did not start")
        self.facts = json.loads(line)
        self.port = int(self.facts["url_prod"].split(":")[2].split("/")[0])
        self.home = os.path.join(self.folder.name, "home")
        return self

    def __exit__(self, *_):
        self.platform.stdin.close()
        try:
            self.platform.wait(10)
        except subprocess.TimeoutExpired:
            self.platform.kill()
            self.platform.wait()
        self.platform.stdout.close()
        self.folder.cleanup()

    def file(self, name, text):
        path = os.path.join(self.folder.name, name)
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
        return path

    def kaipiao(self, *arguments, status=(0,)):
        return run([program("kaipiao"), "--home", self.home, "--json", *arguments], status=status)

    def connect(self, address, numbers, quota):
        """A home that reaches the platform at the address (a forwarder's), its units verified,
        numbers claimed and quota downloaded."""
        direct = next(u for u in self.facts["units"] if u["role"] == "direct")
        using = next(u for u in self.facts["units"]
                     if u["role"] == "using" and u["ability"] == "202007")
        key = self.file("key", direct["keys"]["正式"])
        self.kaipiao("init")
        self.kaipiao("unit", "add", "--role", "direct", "--name", direct["name"], "--taxno",
                     direct["tax_no"], "--leqi-id", direct["leqi_id"], "--key-file", key, "--url",
                     self.facts["url_prod"], "--ca-file", self.facts["ca_file"], "--connect-to",
                     address, "--env", "正式")
        self.kaipiao("unit", "add", "--role", "using", "--name", using["name"], "--taxno",
                     using["tax_no"], "--leqi-id", using["leqi_id"], "--direct", direct["tax_no"],
                     "--region", using["province"], "--address", using["address"], "--phone",
                     using["phone"], "--bank", using["bank"], "--account", using["account"])
        self.kaipiao("unit", "verify", using["tax_no"])
        self.kaipiao("numbers", "claim", str(numbers))
        self.kaipiao("quota", "download", quota)
        self.kaipiao("taxpayer", "sync")
        self.kaipiao("taxcodes", "sync")

    def engine(self, **parameters):
        for key, value in parameters.items():
            self.kaipiao("param", "set", "engine", key, str(value))
