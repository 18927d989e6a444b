"""`city1361 run`, from an empty folder to the first page, and down again."""

from __future__ import annotations

import hashlib
import os
import shutil
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from city1361 import __version__, configuration
from city1361.base.database.without_django import EmbeddedServer, Urls
from city1361.running import checks
from city1361.running.background import Background
from city1361.running.installation import SERVER, Installation, digest_of
from city1361.running.kept_database import KeptDatabase
from city1361.running.progress import Progress, Step, table
from city1361.running.stopping import Stop, stop_signals
from city1361.running.supervisor import Supervisor
from city1361.running.texts import tell

PACKAGE = Path(__file__).parents[1]
MEASURES, DEMONSTRATION = "PROMETHEUS_MULTIPROC_DIR", "CITY1361_DEMONSTRATION"
IN_MEMORY = Path("/dev/shm")  # noqa: S108 - the folder in it is made anew, for us alone


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for on the command line."""

    data: Path
    host: str = "127.0.0.1"
    port: int = 8361
    scale: str = "town"
    reset: bool = False

    @property
    def live_port(self) -> int:
        return self.port + 1

    @property
    def metrics_port(self) -> int:
        return self.port + 2

    @property
    def shown_host(self) -> str:
        return "127.0.0.1" if self.host in ("0.0.0.0", "::", "") else self.host  # noqa: S104

    @property
    def address(self) -> str:
        return f"http://{self.shown_host}:{self.port}"

    @property
    def counts(self) -> Path:
        """Where processes keep what they measure: mapped into memory, so a full disk would end them with SIGBUS."""
        mark = hashlib.sha256(os.fsencode(self.data.absolute())).hexdigest()[:12]
        in_memory = IN_MEMORY / f"city1361-{os.geteuid()}-{mark}"
        return in_memory if os.access(IN_MEMORY, os.W_OK) else self.data.absolute() / "counts"

    def environment(self) -> dict[str, str]:
        """What the programs of the installation are told; a value the user has set himself stays."""
        hosts = list(dict.fromkeys([self.shown_host, "127.0.0.1", "localhost", "[::1]"]))
        told = {
            "CITY1361_HOSTS": ",".join(hosts),
            "CITY1361_ORIGINS": ",".join(f"http://{host}:{self.port}" for host in hosts),
            "CITY1361_LIVE_URL": f"http://{self.shown_host}:{self.live_port}",
            "CITY1361_METRICS": f"127.0.0.1:{self.metrics_port}",
            MEASURES: str(self.counts),
        }
        return {"CITY1361_DATA": str(self.data.absolute()), **{k: v for k, v in told.items() if k not in os.environ}}


def bring_up(options: Options, progress: Progress) -> None:
    """Bring the installation up and keep it running until a signal; leaves no process behind."""
    progress.say(f"city1361 {__version__} · {options.data.absolute()}")
    installation = Installation(options.data)
    supervisor = Supervisor(installation, progress)
    supervisor.environment.update(options.environment())
    with stop_signals(), ExitStack() as undo:
        try:
            _bring_up(options, installation, supervisor, progress, undo)
            progress.say(f"   {tell('按 Ctrl-C 停止')}\n")
            supervisor.watch_for_ever()
        except Stop:
            progress.say(f"\n{tell('正在停止…')}")
    progress.say(tell("已全部停止"))


def _bring_up(
    options: Options, installation: Installation, supervisor: Supervisor, progress: Progress, undo: ExitStack
) -> None:
    with progress.step("检查运行环境") as step:
        step.detail = checks.check_machine()
    with progress.step("准备数据目录") as step:
        undo.callback(installation.close)
        installation.open()
        checks.check_ports(options.host, options.port, options.live_port)
        checks.check_ports("127.0.0.1", options.metrics_port)
        installation.note(f"pid {os.getpid()}, {options.address}")
    with progress.step("启动数据库") as step:
        _start_database(options, installation, supervisor, step, undo)
    installation.fill_secrets()
    installation.set_if_missing(**{DEMONSTRATION: "on"})
    _prepare(installation, supervisor, progress)
    undo.callback(shutil.rmtree, options.counts, ignore_errors=True)
    undo.callback(lambda: _stop(supervisor, progress))
    with progress.step("启动服务") as step:
        _start_services(options, supervisor, step)
    _greet(options, installation, progress)
    _load_demonstration(options, installation, supervisor)


def _start_database(
    options: Options, installation: Installation, supervisor: Supervisor, step: Step, undo: ExitStack
) -> None:
    if installation.has_own_database(supervisor.environment):
        step.detail = tell("外部数据库")
        if options.reset:
            installation.erase()
        return
    server = EmbeddedServer(installation.folder / SERVER)
    if options.reset:
        server.stop("immediate")
        installation.erase()
    server.start()
    undo.callback(server.stop, "fast")
    step.detail = f"PostgreSQL {server.major}"

    def known_as(urls: Urls) -> None:
        installation.set_settings(DATABASE_URL=urls.app, DATABASE_OWNER_URL=urls.owner)
        supervisor.restart()

    known_as(server.urls)
    supervisor.database = KeptDatabase(server, supervisor.progress, known_as)


def _prepare(installation: Installation, supervisor: Supervisor, progress: Progress) -> None:
    """Migrate, load the city and make the cast; each only when something it depends on has changed."""
    instance = configuration.instance_folder()
    product = digest_of([PACKAGE], __version__)
    city = digest_of([instance], product)
    owner = {"CITY1361_DATABASE_ROLE": "owner"}
    steps: list[tuple[str, str, tuple[str, ...], dict[str, str]]] = [
        ("迁移数据库", product, ("database", "migrate"), owner),
        ("载入城市", city, ("instance", "load", str(instance)), {}),
        ("建立演示账号", city, ("demo", "cast"), {}),
    ]
    for title, digest, verb, environment in steps:
        with progress.step(title) as step:
            if installation.done(title) == digest:
                step.detail = tell("未变化，跳过")
            else:
                supervisor.verb(step, *verb, environment=environment)
                installation.set_done(title, digest)


def _start_services(options: Options, supervisor: Supervisor, step: Step) -> None:
    shutil.rmtree(options.counts, ignore_errors=True)  # of processes that are gone
    options.counts.mkdir(mode=0o700)
    host, port, live_port = options.host, str(options.port), str(options.live_port)
    supervisor.keep(supervisor.program("web", host, port), spared=True)
    supervisor.keep(supervisor.program("live", host, live_port))
    supervisor.keep(supervisor.program("worker"))
    supervisor.wait_ready(
        step,
        {
            "web": lambda: checks.answers(options.shown_host, options.port, "/livez"),
            "live": lambda: checks.answers(options.shown_host, options.live_port, "/live/ready"),
        },
    )
    step.detail = options.address


def _greet(options: Options, installation: Installation, progress: Progress) -> None:
    progress.say(f"\n   {tell('已就绪')}  {options.address}\n")
    people = read_cast(installation.cast)
    if people:
        progress.say(f"   {tell('演示账号')}")
        for line in table([(tell("用户名"), tell("身份"), tell("密码")), *people]):
            progress.say(line)
        progress.say(f"   {tell('密码仅用于本次安装，保存在 {path}', path=installation.cast)}")


def read_cast(path: Path) -> list[tuple[str, str, str]]:
    """User name, title and password of each person, from the file that the loader of the cast wrote."""
    if not path.is_file():
        return []
    rows = [line.split("\t") for line in path.read_text("utf-8").splitlines() if line.count("\t") == 2]
    return [(name, title, password) for name, title, password in rows]


def _load_demonstration(options: Options, installation: Installation, supervisor: Supervisor) -> None:
    asked = supervisor.environment.get(DEMONSTRATION, installation.setting(DEMONSTRATION))
    if not configuration.is_on(asked) or installation.done("demonstration") == options.scale:
        return
    supervisor.background = Background(
        supervisor.program("demonstration", options.scale),
        supervisor.lifeline,
        supervisor.progress,
        finished=lambda: installation.set_done("demonstration", options.scale),
    )


def _stop(supervisor: Supervisor, progress: Progress) -> None:
    with progress.step("停止服务"):
        supervisor.stop()
