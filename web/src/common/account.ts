// accountText writes an account's id as AWS's console does.
export const accountText = (id: string) => (/^\d{12}$/.test(id) ? `${id.slice(0, 4)}-${id.slice(4, 8)}-${id.slice(8)}` : id);
