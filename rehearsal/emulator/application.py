"""One emulated AWS: moto with the MWAA backend and the patches, behind the gateway."""

import gc
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rehearsal.emulator import control
from rehearsal.emulator.clock import Clock
from rehearsal.emulator.gateway import Gateway, Refusal, Unreachable
from rehearsal.emulator.state import Saver, load
from rehearsal.emulator.wire import Request
from rehearsal.emulator.world import World, install

# What the program, the policy pack and the doctor call; imported ahead of the first request.
WARM = ("sts", "ec2", "s3", "iam", "kms", "logs", "mwaa", "cloudwatch", "sns", "sqs", "elb")

# What the MWAA backend calls on behalf of the service.
CLIENTS = ("ec2", "elbv2", "sqs", "s3", "iam", "kms", "logs", "cloudwatch", "sts")


class Emulator:
    """A WSGI application. moto's accounts are process-wide: use one at a time.

    ``state`` is the file that carries the account over a restart; None keeps nothing.
    """

    def __init__(self, clock: Clock, state: Path | None) -> None:
        # Health is answered while these are still being loaded: see _load.
        self.clock = clock
        self.lock = threading.RLock()
        self.warmed = threading.Event()
        self._dispatcher: Any = None
        self._state = state
        self._saver: Saver | None = None
        self._guard: Any = None
        self.world = install(World(clock=clock))
        self.world.accounts.connect(self._inner)
        self.gateway = Gateway(
            self._inner,
            clock=clock,
            control=lambda *request: control.answer(self, *request),
            before=self._before,
            after=self._after,
            authorize=self._authorize,
            lock=self.lock,
        )

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        return self.gateway(environ, start_response)

    def load(self) -> None:
        """Import moto, register the backend, apply the patches, read the state; once."""
        with self.lock:
            if self._dispatcher is not None:
                return
            from rehearsal.emulator import registry

            # Ahead of moto's services, which read models when they are imported.
            registry.share_service_models()
            from moto.moto_server.werkzeug_app import (
                DomainDispatcherApplication,
                create_backend_app,
            )

            from rehearsal.emulator import patches
            from rehearsal.emulator.authorization.guard import Guard

            registry.register()
            patches.apply_all()
            self._guard = Guard()
            self._dispatcher = DomainDispatcherApplication(create_backend_app)
            if self._state:
                self.clock.offset = load(self._state) or self.clock.offset
                self._saver = Saver(self._state, self.lock, lambda: self.clock.offset)

    @property
    def has_state(self) -> bool:
        """Whether there is a file to be read before the first answer."""
        return self._state is not None

    def warm(self) -> threading.Thread:
        """Load everything in the background, so that first answers are quick."""

        def run() -> None:
            for service in WARM:
                with self.lock:
                    self.load()
                    from moto.moto_server.werkzeug_app import create_backend_app

                    made = self._dispatcher.app_instances
                    if service not in made:
                        made[service] = create_backend_app(service)  # type: ignore[arg-type]
            for service in CLIENTS:
                with self.lock:
                    self.world.accounts.client(service, "123456789012", "us-east-1")
            # What is loaded now stays: no later collection needs to visit it.
            gc.collect()
            gc.freeze()
            self.warmed.set()

        thread = threading.Thread(target=run, daemon=True, name="warm")
        thread.start()
        return thread

    def advance(self) -> None:
        """Let the service do the work that is due by now."""
        self.load()
        from rehearsal.emulator.mwaa import models

        with self.lock:
            models.advance_all(self.clock.now())

    def findings(self) -> list[str]:
        """What the last build checks found: why environments do not come up."""
        from rehearsal.emulator.mwaa import models

        return [text for environment in models.environments() for text in environment.findings]

    def reset(self) -> None:
        """Empty all accounts, the log and the faults; the clock is kept."""
        self.load()
        from moto.core.base_backend import BackendDict
        from moto.s3.models import s3_backends

        with self.lock:
            # Only S3 holds more than memory; BackendDict.reset would first rebuild every account.
            for _, _, backend in s3_backends.iter_backends():
                backend.reset()
            for backends in BackendDict._instances:  # type: ignore[misc]
                backends.clear()
            BackendDict._instances.clear()  # type: ignore[misc]
            self._guard.forget()
            self.gateway.journal.clear()
            self.gateway.faults.clear()

    def close(self) -> None:
        """Save the state, if there is a file for it."""
        if self._saver:
            self._saver.close()
            self._saver = None

    def _inner(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        with self.lock:
            self.load()
            answer: Iterable[bytes] = self._dispatcher(environ, start_response)
            return answer

    def obstacles(self, environment: str) -> dict[str, str]:
        """What of its own an environment's containers cannot reach, and why."""
        self.load()
        with self.lock:
            found = self._guard.database_obstacle(environment)
        return {"database": found} if found else {}

    def _authorize(self, request: Request) -> Refusal | Unreachable | None:
        self.load()
        refusal: Refusal | Unreachable | None = self._guard.refusal(request)
        return refusal

    def _before(self, request: Request) -> None:
        self.advance()
        self._guard.note(request)
        from rehearsal.emulator.mwaa import metrics, models
        from rehearsal.emulator.patches.cloudwatch import alarm_states

        due = alarm_states.due()
        if due or request.service == "cloudwatch":
            for environment in models.environments():
                metrics.publish(environment, self.clock.now())
        alarm_states.evaluate(due)

    def _after(self, changed: bool) -> None:
        if changed and self._saver:
            self._saver.note()


def create_app(
    *, speed: float = 10_000.0, state: Path | None = None, clock: Clock | None = None
) -> Emulator:
    """An emulated AWS as a WSGI application, ready to be called in this process."""
    return Emulator(clock or Clock(speed=speed), state)
