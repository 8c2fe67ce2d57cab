import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import { useHere } from "../common/place";
import { navigate } from "../router/history";
import { regionName } from "./regions";

// WrongRegion stands in for a page whose service exists in Control Tower's home Region alone.
export function WrongRegion() {
  const { region, home } = useHere();
  return (
    <Alert
      type="warning"
      header={`Not offered in ${regionName(region)}`}
      action={<Button variant="primary" onClick={() => navigate(location.pathname)}>Switch to {regionName(home)}</Button>}
    >
      AWS Control Tower, Account Factory and IAM Identity Center are not offered in this Region ({region}). Switch to the home Region, {regionName(home)} ({home}).
    </Alert>
  );
}
