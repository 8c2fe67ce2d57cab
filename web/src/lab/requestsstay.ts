// What a state from before leaves as it is.
export const requestsStay = "The factory's requests stay: they go on telling of accounts that are gone, whose e-mails a launch does not take again.";
