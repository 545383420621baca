"""Messages by pydantic: what the spec says of them as types. Lines on standard input: `pydantic WORK FILE COUNT`."""

import sys
import time
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Number = Annotated[int, Field(ge=1, le=9007199254740991)]


class Closed(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Note(Closed):
    action: Literal["member_added", "member_removed", "member_left", "chat_renamed"]
    user_ids: Annotated[list[UUID], Field(min_length=1, max_length=255)] | None = None
    name: Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00]*$")] | None = None


class Message(Closed):
    id: UUID
    chat_id: UUID
    seq: Number
    rev: Number
    sender_id: UUID
    type: Literal["text", "system"]
    content: Annotated[str, StringConstraints(max_length=4000, pattern=r"^[^\x00]*$")]
    system: Note | None = None
    client_id: UUID | None = None
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    created_at: datetime
    status: Literal["sent", "delivered", "read"] | None = None


class Page(Closed):
    items: Annotated[list[Message], Field(max_length=100)]
    next_cursor: Annotated[str, StringConstraints(min_length=1, max_length=1000, pattern=r"^[^\x00]*$")] | None = None
    rev: Number
    history: Annotated[str, StringConstraints(min_length=43, max_length=43, pattern=r"^[A-Za-z0-9_-]*$")]


for line in sys.stdin:
    _, work, path, count = line.split()
    with open(path, "rb") as file:
        text = file.read()
    model = Page if path.endswith("page.json") else Message
    value = model.model_validate_json(text)
    serializer, validator = model.__pydantic_serializer__, model.__pydantic_validator__
    start = time.process_time_ns()
    if work == "decode":
        for _ in range(int(count)):
            validator.validate_json(text)
    else:
        for _ in range(int(count)):
            serializer.to_json(value, exclude_unset=True)
    print(time.process_time_ns() - start, 0, flush=True)
