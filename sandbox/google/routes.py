"""Drive v3 over HTTP."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, request

from sandbox.google.drive import DOC_TYPE, FOLDER_TYPE, SHARED_DRIVE_ID, Drive
from sandbox.google.items import Item
from sandbox.google.refusals import Refusal, invalid, not_found
from sandbox.google.specification import check_fields, check_parameters, check_shape, select
from sandbox.google.tokens import Tokens
from sandbox.google.uploads import Session, Uploads, split_multipart

SCOPE = "https://www.googleapis.com/auth/drive"
PDF_TYPE = "application/pdf"
DEFAULT_FIELDS = "kind,id,name,mimeType"


def drive_routes(drive: Drive, uploads: Uploads, tokens: Tokens, url: str) -> Blueprint:  # noqa: PLR0915 # one route after the other
    routes = Blueprint("drive", __name__)

    @routes.before_request
    def require_token() -> None:
        """A chunk needs none: the session's address is its secret."""
        if request.method != "PUT":
            tokens.require(request.headers.get("Authorization", ""), [SCOPE])

    @routes.errorhandler(Refusal)
    def refuse(refusal: Refusal) -> tuple[dict[str, Any], int]:
        return refusal.body, refusal.status

    @routes.get("/drive/v3/files/generateIds")
    def generate_ids() -> dict[str, Any]:
        check_parameters("drive.files.generateIds", request.args)
        count = request.args.get("count", 10, int)
        return {"kind": "drive#generatedIds", "space": "drive", "ids": drive.generate_ids(min(count, 1000))}

    @routes.get("/drive/v3/files")
    def find() -> dict[str, Any]:
        check_parameters("drive.files.list", request.args)
        check_fields("drive", "FileList", request.args.get("fields"))
        everywhere = _flag("includeItemsFromAllDrives") and _flag("supportsAllDrives")
        drive_id = request.args.get("driveId") if request.args.get("corpora") == "drive" else None
        if request.args.get("corpora") == "drive" and not (drive_id and everywhere):
            raise invalid("driveId")
        found = drive.find(request.args.get("q", "trashed = false"), drive_id=drive_id)
        page = found[: request.args.get("pageSize", 100, int)]
        answer = {"kind": "drive#fileList", "files": [described(item) for item in page]}
        return select(request.args.get("fields"), answer, f"kind,files({DEFAULT_FIELDS})")

    @routes.get("/drive/v3/files/<file_id>")
    def get(file_id: str) -> dict[str, Any] | Response:
        check_parameters("drive.files.get", request.args)
        check_fields("drive", "File", request.args.get("fields"))
        item = drive.get(file_id, all_drives=_flag("supportsAllDrives"))
        if request.args.get("alt") == "media":
            if item.content is None or item.mime_type == DOC_TYPE:
                raise Refusal(403, "fileNotDownloadable", "Only files with binary content can be downloaded.")
            return Response(item.content, mimetype=item.mime_type)
        return answered(item, request.args.get("fields"))

    @routes.post("/drive/v3/files")
    def create() -> dict[str, Any]:
        check_parameters("drive.files.create", request.args)
        check_fields("drive", "File", request.args.get("fields"))
        body = _metadata(request.get_data())
        made = drive.create(body, None, all_drives=_flag("supportsAllDrives"))
        return answered(made, request.args.get("fields"))

    @routes.patch("/drive/v3/files/<file_id>")
    def update(file_id: str) -> dict[str, Any]:
        check_parameters("drive.files.update", request.args)
        check_fields("drive", "File", request.args.get("fields"))
        changed = drive.update(file_id, _metadata(request.get_data()), all_drives=_flag("supportsAllDrives"))
        return answered(changed, request.args.get("fields"))

    @routes.delete("/drive/v3/files/<file_id>")
    def delete(file_id: str) -> Response:
        check_parameters("drive.files.delete", request.args)
        drive.delete(file_id, all_drives=_flag("supportsAllDrives"))
        return Response(status=204)

    @routes.get("/drive/v3/files/<file_id>/export")
    def export(file_id: str) -> Response:
        check_parameters("drive.files.export", request.args)
        if request.args.get("mimeType") != PDF_TYPE:
            raise invalid("mimeType")
        return Response(drive.export(file_id), mimetype=PDF_TYPE)

    @routes.post("/upload/drive/v3/files")
    def upload() -> Response | dict[str, Any]:
        check_parameters("drive.files.create", request.args)
        check_fields("drive", "File", request.args.get("fields"))
        fields, all_drives = request.args.get("fields"), _flag("supportsAllDrives")
        if request.args.get("uploadType") == "multipart":
            text, headers, content = split_multipart(request.headers["Content-Type"], request.get_data())
            body = {"mimeType": headers.get("Content-Type", "application/octet-stream")} | _metadata(text)
            return answered(drive.create(body, content, all_drives=all_drives), fields)
        if request.args.get("uploadType") != "resumable":
            raise invalid("uploadType")
        body = _metadata(request.get_data())
        body.setdefault("mimeType", request.headers.get("X-Upload-Content-Type", "application/octet-stream"))
        upload_id = uploads.start(body, all_drives=all_drives, fields=fields)
        place = f"{url}/upload/drive/v3/files?uploadType=resumable&upload_id={upload_id}"
        return Response(status=200, headers={"Location": place})

    @routes.put("/upload/drive/v3/files")
    def receive() -> Response | dict[str, Any]:
        session = uploads.session(request.args.get("upload_id", ""))
        if session is None:
            raise not_found("upload session")
        item = uploads.receive(session, request.headers.get("Content-Range"), request.get_data())
        return _go_on(session) if item is None else answered(item, session.fields)

    def answered(item: Item, fields: str | None) -> dict[str, Any]:
        answer = described(item)
        check_shape("drive", "File", answer)
        return select(fields, answer, DEFAULT_FIELDS)

    def described(item: Item) -> dict[str, Any]:
        answer: dict[str, Any] = {
            "kind": "drive#file",
            "id": item.id,
            "name": item.name,
            "mimeType": item.mime_type,
            "trashed": item.trashed,
            "createdTime": _rfc3339(item.created),
            "webViewLink": f"{url}/view/{item.id}",
            "capabilities": {
                "canAddChildren": drive.may_write,
                "canDeleteChildren": drive.settings.role == "organizer",
            },
        }
        if item.parents:
            answer["parents"] = item.parents
        if item.shared:
            answer["driveId"] = SHARED_DRIVE_ID
        if item.app_properties:
            answer["appProperties"] = item.app_properties
        if item.restrictions:
            answer["contentRestrictions"] = [
                {"type": "globalContentRestriction", **restriction} for restriction in item.restrictions
            ]
        if item.content is not None and item.mime_type not in (FOLDER_TYPE, DOC_TYPE):
            answer |= {"size": str(len(item.content)), "sha256Checksum": item.sha256}
        return answer

    return routes


def _flag(name: str) -> bool:
    return request.args.get(name) == "true"


def _metadata(text: bytes) -> dict[str, Any]:
    try:
        body = json.loads(text or b"{}")
    except ValueError:
        raise invalid("body", "Parse Error") from None
    check_shape("drive", "File", body)
    return dict(body)


def _go_on(session: Session) -> Response:
    kept = len(session.kept)
    return Response(status=308, headers={"Range": f"bytes=0-{kept - 1}"} if kept else None)


def _rfc3339(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
