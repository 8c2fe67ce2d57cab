import ButtonDropdown, { type ButtonDropdownProps } from "@cloudscape-design/components/button-dropdown";
import { useHere } from "../common/place";
import { useStanding } from "./subject";

// ChangeMenu is what can be asked of the factory about an account that exists. What the role may not ask for is shown with why.
export function ChangeMenu({ account, product }: { account: string; product?: string }) {
  const { href } = useHere();
  const standing = useStanding();
  const at = (path: string) => href(`/factory/accounts/${account}/${path}`);
  const operators = standing !== "operator" ? "For operators of the factory" : "";
  const item = (id: string, text: string, to: string, reason = ""): ButtonDropdownProps.Item => (reason ? { id, text, disabled: true, disabledReason: reason } : { id, text, href: to });
  const reads = standing === "viewer" || standing === "auditor";
  return (
    <ButtonDropdown
      expandToViewport
      disabled={!account || reads}
      disabledReason={reads ? "This role sees requests and changes nothing." : "There is no account yet."}
      items={[
        item("update", "Organizational unit and SSO user", href(`/servicecatalog/provisioned-products/${product}/update`), product ? "" : "Not enrolled through Account Factory"),
        item("names", "Name and e-mail", at("name-and-email")),
        item("access", "Access", at("access")),
        item("repair", "Repair", at("repair")),
        item("unmanage", "Unmanage", at("unmanage"), operators),
        item("close", "Close", at("close"), operators),
      ]}
    >
      Change
    </ButtonDropdown>
  );
}
