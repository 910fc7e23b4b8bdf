"""The ids that rows are known by. All are positive integers given by the database."""

from typing import NewType

WebhookId = NewType("WebhookId", int)
EventId = NewType("EventId", int)
NumberId = NewType("NumberId", int)
ContactId = NewType("ContactId", int)
ConversationId = NewType("ConversationId", int)
MessageId = NewType("MessageId", int)
AttemptId = NewType("AttemptId", int)
MediaId = NewType("MediaId", int)
EnclosureId = NewType("EnclosureId", int)
UploadId = NewType("UploadId", int)
StaffId = NewType("StaffId", int)
TokenId = NewType("TokenId", int)
NoticeId = NewType("NoticeId", int)
ExportId = NewType("ExportId", int)
