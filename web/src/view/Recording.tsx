/** Recording needs everybody's consent for this call; each side withdraws its own at any time. */
import type { Call, StepName } from "../api/types";
import { ownPart } from "../call/words";
import { fresh } from "../state/console";
import { labelOf } from "../state/lines";
import { t } from "../words/sentences";

export function Recording({ call, act }: { call: Call; act: (step: StepName) => void }) {
  const agrees = ownPart(call)?.recording ?? false;
  const members = call.parts.map((part) => part.party);
  const agreed = call.parts.filter((part) => part.recording);
  return (
    <>
      <button
        type="button"
        data-act="recording"
        disabled={!fresh.value}
        onClick={() => act(agrees ? "recording-withdrawn" : "recording-agreed")}
      >
        {agrees ? t("label-recording-withdraw") : t("label-recording-agree")}
      </button>
      {agreed.map((part) => (
        <span key={part.party} data-agrees={part.party}>
          {part.own ? t("label-we-agree") : t("label-party-agrees", { party: labelOf(part.party, members) })}
        </span>
      ))}
    </>
  );
}
