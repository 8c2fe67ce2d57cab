// accountText writes an account's id as AWS's console does.
export const accountText = (id: string) => (/^\d{12}$/.test(id) ? `${id.slice(0, 4)}-${id.slice(4, 8)}-${id.slice(8)}` : id);

// roleText names the opened role, or what somebody is to the factory who has none.
export const roleText = ({ plain, role, session }: { plain: boolean; role: string; session: { factoryRole?: string } }) => (plain ? `Account Factory (${session.factoryRole ?? "requester"})` : role);
