"""Runs command lines of the AWS CLI that is installed for this interpreter, one JSON object per line in, one answer out.

It is the CLI's own code from its first line on; only the interpreter is not started anew for each of a hundred commands.
"""

import contextlib
import io
import json
import os
import sys

from awscli.clidriver import create_clidriver


def run(command):
    os.environ.update(command["env"])
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = create_clidriver().main(command["args"])
        except SystemExit as end:
            code = end.code
    return {"code": code, "out": out.getvalue(), "err": err.getvalue()}


answers = sys.stdout
for line in sys.stdin:
    print(json.dumps(run(json.loads(line))), file=answers, flush=True)
