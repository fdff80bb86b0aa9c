"""Innovation vouchers: small technology firms buy a service of a university or institute at a part of its price."""

from __future__ import annotations

from dataclasses import dataclass

from sim.agents.world import World
from sim.levers.base import appropriate, set_province


@dataclass(frozen=True)
class InnovationVoucher:
    """Budget in million yuan a year, face value in million yuan, part of the purchase that the firm pays itself."""

    budget_y: float
    face_value: float
    own_share: float

    def apply(self, world: World) -> None:
        """Write face value and own share and appropriate the line; nothing without money or face value."""
        if self.budget_y <= 0.0 or self.face_value <= 0.0:
            return
        set_province(world, "voucher_face_value", self.face_value)
        set_province(world, "voucher_own_share", self.own_share)
        appropriate(world, "innovation_voucher", self.budget_y)
