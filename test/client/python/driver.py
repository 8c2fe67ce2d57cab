"""Makes AWS calls with boto3 as told: one JSON object per line in, one answer per line out."""

import datetime
import json
import os
import sys

import boto3
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError, UnknownServiceError

NAMES = {"ssoadmin": "sso-admin", "servicequotas": "service-quotas"}


def open_client(call):
    keys = call["keys"]
    return boto3.client(
        NAMES.get(call["service"], call["service"]),
        endpoint_url=os.environ["AWS_ENDPOINT_URL"],
        region_name=os.environ["AWS_REGION"],
        aws_access_key_id=keys["id"],
        aws_secret_access_key=keys["secret"],
        aws_session_token=keys.get("token") or None,
        config=Config(retries={"total_max_attempts": 1}),
    )


def plain(output):
    return {k: v for k, v in output.items() if k != "ResponseMetadata"}


def do(client, call):
    name = xform_name(call["operation"])
    if call["do"] == "pages":
        pages = client.get_paginator(name).paginate(PaginationConfig={"PageSize": call["pageSize"]}, **call["input"])
        return {"pages": [plain(p) for p in pages]}
    if call["do"] == "wait":
        return {"output": client.get_waiter(name).wait(**call["input"])}
    if call["do"] == "presign":
        return {"url": client.generate_presigned_url(name, Params=call["input"], ExpiresIn=60, HttpMethod="GET")}
    return {"output": plain(getattr(client, name)(**call["input"]))}


def answer(call):
    try:
        client = open_client(call)
    except UnknownServiceError:
        return {"unknown": True}
    if call["do"] != "wait" and not hasattr(client, xform_name(call["operation"])):
        return {"unknown": True}
    try:
        return do(client, call)
    except ClientError as err:
        said = err.response["Error"]
        status = err.response["ResponseMetadata"]["HTTPStatusCode"]
        return {"error": {"code": said["Code"], "message": said["Message"], "modeled": type(err) is not ClientError, "status": status}}


def encode(value):
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.timezone.utc).isoformat()
    raise TypeError(f"no JSON form of {type(value)}")


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line)), default=encode), flush=True)
