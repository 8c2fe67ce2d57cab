"""Signs in with boto3 as the AWS CLI does: by device code, leaving the token where profiles of the session named accountfactory
look for it. "login URL" prints the address to approve at and waits; "caller" says who the profile of the environment is."""

import datetime
import hashlib
import json
import os
import pathlib
import sys
import time

import boto3

SESSION = "accountfactory"
REGION = os.environ["AWS_REGION"]


def token(oidc, client, device):
    waiting = (oidc.exceptions.AuthorizationPendingException, oidc.exceptions.SlowDownException)
    while True:
        try:
            return oidc.create_token(deviceCode=device["deviceCode"], grantType="urn:ietf:params:oauth:grant-type:device_code", **client)
        except waiting:
            time.sleep(device["interval"])


def stamp(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def login(start_url):
    oidc = boto3.client("sso-oidc", region_name=REGION)
    registered = oidc.register_client(clientName="boto3", clientType="public", scopes=["sso:account:access"])
    client = {name: registered[name] for name in ("clientId", "clientSecret")}
    device = oidc.start_device_authorization(startUrl=start_url, **client)
    print(device["verificationUriComplete"], flush=True)
    got = token(oidc, client, device)
    folder = pathlib.Path.home() / ".aws" / "sso" / "cache"
    folder.mkdir(parents=True, exist_ok=True)
    kept = {
        "startUrl": start_url, "region": REGION, "accessToken": got["accessToken"], "refreshToken": got["refreshToken"],
        "expiresAt": stamp(time.time() + got["expiresIn"]), "registrationExpiresAt": stamp(registered["clientSecretExpiresAt"]), **client,
    }
    (folder / (hashlib.sha1(SESSION.encode()).hexdigest() + ".json")).write_text(json.dumps(kept))


def main():
    if sys.argv[1] == "login":
        login(sys.argv[2])
        return
    print(boto3.client("sts", region_name=REGION).get_caller_identity()["Arn"])


try:
    main()
except Exception as err:
    sys.exit(f"{type(err).__name__}: {err}")
