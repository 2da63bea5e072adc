# SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
"""A client of `caliptra-emu serve --protocol json`, and the mailbox commands of Caliptra 1.x. Standard library only."""

from .client import Client, ServerError, Server
from .commands import COMMANDS, DPE_COMMANDS, build_dpe_request, build_request
from .responses import decode, decode_dpe, pem

__all__ = [
    "COMMANDS", "Client", "DPE_COMMANDS", "Server", "ServerError", "build_dpe_request", "build_request", "decode",
    "decode_dpe", "pem",
]
