"""A real Slurm on this computer: two nodes on loopback, all daemons children of the test and ended by it."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

DAEMONS = ("munged", "slurmctld", "slurmd", "sbatch", "squeue", "scontrol")
CONF = """
ClusterName=here
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ctld}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket={folder}/munge.socket,cred_expire=5
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool-%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd-%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
ReturnToService=2
SlurmdTimeout=10
SlurmctldTimeout=10
KillWait=2
MinJobAge=10
MaxArraySize=1001
SchedulerParameters=sched_interval=1,batch_sched_delay=0
{nodes}
PartitionName=all Nodes=n[1-2] Default=YES MaxTime=INFINITE State=UP
"""


def free_ports(n: int) -> list[int]:
    """Ports of loopback that nobody listens on."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(n)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


@dataclass
class Slurm:
    """The running daemons; `nodes` are the processes of n1 and n2."""

    folder: Path
    environment: dict[str, str]
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    nodes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        """Start a daemon in the foreground, its output in a log."""
        with (self.folder / f"{Path(command[0]).name}.out").open("ab") as log:
            process = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log, start_new_session=True)
        self.processes.append(process)
        return process

    def start_node(self, name: str) -> None:
        self.nodes[name] = self.start("slurmd", "-D", "-N", name)

    def lose_node(self, name: str) -> None:
        """Kill a node's daemon and all that it started, as a power failure would."""
        for pid in [*descendants(self.nodes[name].pid), self.nodes[name].pid]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.nodes[name].wait()

    def idle_nodes(self) -> int:
        told = subprocess.run(["sinfo", "-h", "-N", "-o", "%T"], env=self.environment, capture_output=True, text=True)
        return sum(state.startswith(("idle", "mix", "alloc")) for state in told.stdout.split())

    def stop(self) -> None:
        for process in reversed(self.processes):
            for pid in descendants(process.pid):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            process.terminate()
        for process in self.processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def descendants(pid: int) -> list[int]:
    """Process ids below a process, the deepest first."""
    found: list[int] = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == pid:
                child = int(stat.parent.name)
                found += [*descendants(child), child]
    return found


@contextlib.contextmanager
def slurm(folder: Path) -> Iterator[Slurm]:
    """A cluster that is up; it ends with the block."""
    folder.chmod(0o755)
    (folder / "state").mkdir()
    ctld, one, two = free_ports(3)
    user = os.environ.get("USER") or "root"
    host = socket.gethostname().split(".")[0]
    nodes = "\n".join(
        f"NodeName={name} NodeHostname={host} NodeAddr=127.0.0.1 Port={port} CPUs=1 RealMemory=4000 State=UNKNOWN"
        for name, port in (("n1", one), ("n2", two))
    )
    conf = folder / "slurm.conf"
    conf.write_text(CONF.format(host=host, ctld=ctld, user=user, folder=folder, nodes=nodes))
    key = folder / "munge.key"
    key.write_bytes(os.urandom(128))
    key.chmod(0o400)
    here = Slurm(folder, os.environ | {"SLURM_CONF": str(conf)})
    try:
        here.start(shutil.which("munged") or "munged", "-F", "--force", f"--key-file={key}",
                   f"--socket={folder}/munge.socket", f"--pid-file={folder}/munged.pid",
                   f"--log-file={folder}/munged.log", f"--seed-file={folder}/munged.seed")  # fmt: skip
        _until(lambda: (folder / "munge.socket").exists(), "munged")
        here.start("slurmctld", "-D", "-c")
        for name in ("n1", "n2"):
            here.start_node(name)
        _until(lambda: here.idle_nodes() == 2, "two idle nodes")
        yield here
    finally:
        here.stop()


def _until(is_so: object, what: str, seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not is_so():  # type: ignore[operator]
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not there after {seconds:g} s")
        time.sleep(0.1)
