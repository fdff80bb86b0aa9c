"""A user without a browser: speaks the page's WebSocket through the door, as a browser does, and notes every fault."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any, cast

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

PASS_SECONDS = 60.0
LARGEST = 80_000_000
Took = tuple[float, float]  # when it began, and how long it took, seconds


@dataclass
class LightUser:
    """One connection, what stands on its page, how long passes and results took, and what went wrong."""

    socket: ClientConnection
    elements: dict[tuple[int, ...], Any] = field(default_factory=dict)
    states: dict[str, WidgetState] = field(default_factory=dict)
    passes: list[Took] = field(default_factory=list)
    results: list[Took] = field(default_factory=list)  # from the button to figures
    faults: list[str] = field(default_factory=list)

    async def turn(self, *changes: WidgetState) -> None:
        """One pass over the page with changed widgets; a trigger (a button) holds for this pass alone."""
        began = time.monotonic()
        sent = BackMsg()
        for change in changes:
            if not change.trigger_value:
                self.states[change.id] = change
        now = {**self.states, **{change.id: change for change in changes}}
        sent.rerun_script.widget_states.widgets.extend(now.values())
        self.elements.clear()
        await self.socket.send(sent.SerializeToString())
        async with asyncio.timeout(PASS_SECONDS):
            while not self._hear(await self.socket.recv()):
                pass
        self.passes.append((began, time.monotonic() - began))

    def _hear(self, data: str | bytes) -> bool:
        """Take one message; whether it ends the pass."""
        assert isinstance(data, bytes)
        told = ForwardMsg()
        told.ParseFromString(data)
        kind = told.WhichOneof("type")
        if kind == "delta" and told.delta.WhichOneof("type") == "new_element":
            element = told.delta.new_element
            self.elements[tuple(told.metadata.delta_path)] = element
            if element.WhichOneof("type") == "exception":
                self.faults.append(f"{element.exception.type}: {element.exception.message}")
            if element.WhichOneof("type") == "radio" and element.radio.set_value:  # the page itself turned to a part
                self.states[element.radio.id] = WidgetState(id=element.radio.id, string_value=element.radio.raw_value)
        if kind != "script_finished":
            return False
        if told.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
            self.faults.append("the page does not compile")
        return told.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY

    def find(self, kind: str, label: str) -> Any:
        """The widget of a kind with this label."""
        found = [getattr(one, kind) for one in self.elements.values() if one.WhichOneof("type") == kind]
        return next(one for one in found if one.label == label)

    def texts(self) -> str:
        """The HTML and Markdown of the page."""
        bodies = [(one.html.body or one.markdown.body) for one in self.elements.values()]
        return "\n".join(bodies)


async def arrive(url: str, origin: str | None = None, host: str = "127.0.0.1") -> LightUser:
    """Open the page's WebSocket with the Origin of the page, and go over the page once."""
    own = url.removesuffix("/")
    port = int(own.rpartition(":")[2])
    socket = await connect(
        f"ws://{host}:{port}/_stcore/stream", host="127.0.0.1", port=port,
        origin=cast(Origin, origin or own), subprotocols=[cast(Subprotocol, "streamlit")],
        max_size=LARGEST, open_timeout=PASS_SECONDS, proxy=None,
    )  # fmt: skip
    user = LightUser(socket)
    await user.turn()
    return user
