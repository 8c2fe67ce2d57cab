import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import { ApiError, LostError, permission } from "../api/error";
import { usePlace } from "./place";

// Trouble shows why something could not be had, and what helps.
export function Trouble({ error, what, retry }: { error: Error; what: string; retry?: () => void }) {
  const again = retry && <Button onClick={retry}>Try again</Button>;
  if (error instanceof ApiError && error.denied) return <Denied error={error} what={what} />;
  if (error instanceof LostError) {
    return (
      <Alert type="warning" header={`Could not ${what}: the server does not answer`} action={again}>
        This page tries again by itself as soon as it does.
      </Alert>
    );
  }
  const code = error instanceof ApiError ? error.code : error.name;
  return (
    <Alert type="error" header={`Could not ${what}`} action={again}>
      {error.message} <Box variant="small">{code}</Box>
    </Alert>
  );
}

function Denied({ error, what }: { error: ApiError; what: string }) {
  const place = usePlace();
  const missing = permission(error.message);
  return (
    <Alert type="warning" header={`This role may not ${what}`}>
      <p>
        {place && `${place.role} in account ${place.account} `}
        {missing ? (
          <>
            {place ? "lacks" : "What lacks is"} the permission <Box variant="code">{missing}</Box>.
          </>
        ) : (
          "has no permission for it."
        )}{" "}
        Open another role at the <a href="/">access portal</a>, or ask an administrator.
      </p>
      <Box variant="small">
        {error.code}: {error.message}
      </Box>
    </Alert>
  );
}
