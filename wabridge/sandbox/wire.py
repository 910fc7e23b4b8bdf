"""How the pretend Meta's answers look on the wire, and how its connections end badly."""

import json
import socket
import struct
from typing import Any

from aiohttp import web

from wabridge.sandbox.graph import trace_id


def json_answer(request: web.Request, http: int, body: Any) -> web.Response:
    """Return a JSON answer with the headers Meta puts beside one."""
    return web.Response(
        status=http,
        body=json.dumps(body, separators=(",", ":")).encode("ascii"),
        headers={
            "Content-Type": "application/json; charset=UTF-8",
            "facebook-api-version": request.match_info.get("version", ""),
            "x-fb-trace-id": trace_id(),
            "x-fb-request-id": trace_id(),
            "x-app-usage": '{"call_count":0,"total_cputime":0,"total_time":0}',
        },
    )


def reset(request: web.Request) -> web.Response:
    """Reset the connection; the returned answer is never seen."""
    if request.transport is not None:
        connection = request.transport.get_extra_info("socket")
        if connection is not None:
            # Lingering for zero seconds makes the close an RST instead of a polite FIN.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.transport.abort()
    return web.Response()


async def cut(request: web.Request, whole: web.Response) -> web.StreamResponse:
    """Send the head and half of the body, then break the connection."""
    body = whole.body if isinstance(whole.body, bytes) else b""
    answer = web.StreamResponse(status=whole.status, headers=whole.headers)
    answer.content_length = len(body)
    await answer.prepare(request)
    await answer.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.close()
    return answer
