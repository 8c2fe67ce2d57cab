import { useHere } from "../common/place";
import { type Reading, useResource } from "../common/resource";

const askEvery = 5000;

// useMessages reads what the twin has sent, the newest first, and gives a sentence on how long that is kept.
export function useMessages<T>(path: "outbox" | "events", member: "mails" | "events"): { list: Reading<T[]>; kept: string } {
  const { twin } = useHere();
  const read = useResource(
    path,
    async () => {
      const answer = await twin.get<{ [m in typeof member]: T[] } & { kept: string }>(path);
      return { newest: answer[member].reverse(), kept: `Kept ${answer.kept}.` };
    },
    askEvery,
  );
  return { list: { ...read, data: read.data?.newest }, kept: read.data?.kept ?? "" };
}
