import type { PageName } from "../router/patterns";

interface HelpText {
  title: string;
  lines: string[];
}

const launching = [
  "A new account takes six parameters. The factory checks them against the organization while you type, and again when the account's turn comes.",
  "The SSO user you name becomes the account's administrator. One that exists is used as it is; a new one is made, or waited for where users come from an identity provider.",
  "AWS Control Tower works on one account at a time unless it is set up otherwise. Others wait in order, and their page says for what.",
];

const identity = [
  "People sign in with users of this directory, and get into accounts by permission sets that their groups or they themselves are assigned.",
  "AWS IAM Identity Center was called AWS Single Sign-On (AWS SSO); its access portal was called user portal.",
];

const lab = [
  "The lab belongs to the twin: AWS has nothing like it. Whoever administers the management account may use it.",
  "What is set here changes how the rehearsal behaves, and nothing else.",
];

const queue = [
  "Requests wait here for their turn, oldest first, those with a priority before others.",
  "A paused queue finishes what runs and starts nothing. A draining one takes no new requests either.",
];

const tower = [
  "AWS Control Tower governs the accounts of the organizational units that are registered with it.",
  "Accounts are made, enrolled and changed through the factory, which checks first, waits for its turn and says what it does.",
];

export const helpTexts: Record<PageName, HelpText> = {
  portal: { title: "Access portal", lines: ["The accounts and roles you may enter."] },
  home: { title: "Console home", lines: ["Find a service by its name, by the name it had before, or by what you want to do."] },
  products: { title: "Products", lines: ["Products this role may launch. They exist in Control Tower's home Region alone."] },
  product: { title: "Product", lines: launching },
  launch: { title: "Launch", lines: launching },
  provisionedProducts: {
    title: "Provisioned products",
    lines: [
      "Each account that was made through Account Factory is a provisioned product. You see your own first; All shows everybody's.",
      "Tainted means that the account exists and its last change did not end as asked. Error means that the first launch failed. Both are repaired, not launched again.",
    ],
  },
  provisionedProduct: { title: "Provisioned product", lines: ["Outputs are what AWS says of the account. History is every operation on it, with its errors."] },
  updateProduct: { title: "Update", lines: ["The organizational unit and the SSO user change through the provisioned product; name and e-mail of the account through AWS Account Management, on a page of their own."] },
  requests: { title: "Requests", lines: ["Everything that was asked of the factory. Requesters see their own, operators everybody's."] },
  request: { title: "Request", lines: ["The timeline is what the factory did and saw, with AWS's words where AWS said something.", "A failed request goes on from the step that failed: nothing is typed again."] },
  attention: { title: "Waiting for a person", lines: ["Requests that failed, and requests that stopped because going on could touch an account that is not provably theirs."] },
  queue: { title: "Queue", lines: queue },
  audit: { title: "Audit log", lines: ["Every change, written with it. Each row carries the hash of the one before, so that a row that was altered or taken out shows."] },
  changeAccess: { title: "Access", lines: ["Groups and users of IAM Identity Center get permission sets on the account, or lose them. Each assignment is seen at AWS before the request succeeds.", "Whoever asked for the account may ask for this, and operators."] },
  changeNames: { title: "Name and e-mail", lines: ["The name changes at once. For the e-mail AWS mails a code to the new address, and the request waits for it: give it on the request's page.", "The root user signs in with the new address from then on."] },
  repairAccount: { title: "Repair", lines: ["Of an account whose provisioned product is tainted or in error. AWS's guides call for an update of the product; the factory sends it with the values there were.", "Remove first what AWS's message names, such as a leftover role or recorder."] },
  unmanageAccount: { title: "Unmanage", lines: ["The account leaves Control Tower, stays in the organization and stays open."] },
  closeAccount: { title: "Close", lines: ["The account leaves Control Tower first, as one that stays enrolled blocks its organizational unit. AWS closes as many accounts in 30 days as its quota has; when it is used up, the request waits.", "While the request waits before closing, it can be cancelled on its page."] },
  landingZone: { title: "Landing zone", lines: tower },
  organization: { title: "Organization", lines: tower },
  account: { title: "Account", lines: tower },
  createAccount: { title: "Create account", lines: launching },
  enrollAccount: { title: "Enroll account", lines: ["An account of the organization comes under Control Tower. It needs the role AWSControlTowerExecution first."] },
  controls: { title: "Controls", lines: ["Controls, once called guardrails, are rules for all accounts of an organizational unit."] },
  users: { title: "Users", lines: identity },
  user: { title: "User", lines: identity },
  groups: { title: "Groups", lines: identity },
  group: { title: "Group", lines: identity },
  permissionSets: { title: "Permission sets", lines: identity },
  permissionSet: { title: "Permission set", lines: identity },
  assignments: { title: "AWS accounts", lines: identity },
  accountAssignments: { title: "Assignments", lines: identity },
  outbox: { title: "Outbox", lines: lab },
  clock: { title: "Clock", lines: lab },
  faults: { title: "Faults", lines: lab },
  scenarios: { title: "Scenarios", lines: lab },
  events: { title: "Events", lines: lab },
};
