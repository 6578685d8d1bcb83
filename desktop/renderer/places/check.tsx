import { useState, type ReactNode } from 'react';
import type { Refusal } from '../../../core/ports/coded-error.ts';
import type { ResponseOf } from '../../contract/methods.ts';
import { useHost } from '../host.ts';
import { Page } from '../parts/page.tsx';
import { RefusalBox } from '../parts/refusal.tsx';
import { useGo } from '../place.ts';
import { text } from '../text.ts';
import { useReply } from '../use-reply.ts';
import { CheckResult, type Checked } from './check-result.tsx';
import { PlanFacts } from './plan-facts.tsx';

type BindingLine = ResponseOf<'list'>['bindings'][number];
type Plan = Extract<ResponseOf<'list'>['plans'][number], { readable: true }>;

const { check } = text;

/** Why a binding cannot be this plan's, or undefined. */
function unfit(plan: Plan, binding: BindingLine): string | undefined {
  if (!binding.readable) return check.unreadable;
  const missing = plan.tokens.filter((token) => !binding.tokens.includes(token));
  if (missing.length > 0) return check.lacks(missing.join(', '));
  return plan.previous === 'required' && !binding.previous ? check.lacksPrevious : undefined;
}

interface SettingProps {
  readonly plan: Plan;
  readonly bindings: readonly BindingLine[];
  readonly binding: string | undefined;
  readonly rehearse: boolean;
  readonly choose: (binding: string) => void;
  readonly setRehearse: (on: boolean) => void;
}

/** Which devices, and whether it counts. */
function Setting({ plan, bindings, binding, rehearse, choose, setRehearse }: SettingProps): ReactNode {
  if (bindings.length === 0) return <p className="notice">{check.noBinding}</p>;
  return (
    <>
      <fieldset className="choices">
        <legend>{check.binding}</legend>
        {bindings.map((line) => {
          const fault = unfit(plan, line);
          return (
            <label key={line.id} className="choice">
              <input
                type="radio"
                name="binding"
                value={line.id}
                checked={binding === line.id}
                disabled={fault !== undefined}
                onChange={() => {
                  choose(line.id);
                }}
              />
              <span>
                {line.file}
                {fault === undefined ? null : <span className="small"> {fault}</span>}
              </span>
            </label>
          );
        })}
      </fieldset>
      <label className="choice">
        <input
          type="checkbox"
          checked={rehearse}
          onChange={(event) => {
            setRehearse(event.target.checked);
          }}
        />
        <span>{check.rehearse}</span>
      </label>
    </>
  );
}

/** What is going on while nothing is to be seen yet. */
function Going(): ReactNode {
  return (
    <p className="waiting" role="status">
      {check.checking}
    </p>
  );
}

function Checking({ plan, bindings }: { readonly plan: Plan; readonly bindings: readonly BindingLine[] }): ReactNode {
  const host = useHost();
  const go = useGo();
  const fitting = bindings.filter((line) => unfit(plan, line) === undefined);
  const [binding, setBinding] = useState(fitting.length === 1 ? fitting[0]?.id : undefined);
  const [rehearse, setRehearse] = useState(false);
  const [busy, setBusy] = useState<'check' | 'begin' | undefined>();
  const [checked, setChecked] = useState<Checked | undefined>();
  const [refusal, setRefusal] = useState<Refusal | undefined>();
  const changed = (): void => {
    setChecked(undefined);
    setRefusal(undefined);
  };
  const run = async (task: 'check' | 'begin'): Promise<void> => {
    if (busy !== undefined || binding === undefined) return;
    setBusy(task);
    setRefusal(undefined);
    const held = { plan: plan.id, binding, rehearse };
    const reply =
      task === 'check' || checked?.passed !== true
        ? await host.bridge.call('check', held)
        : await host.bridge.call('begin', { ...held, planHash: checked.planHash });
    setBusy(undefined);
    if (!reply.ok) setRefusal(reply.refusal);
    else if ('snapshot' in reply.response) go({ at: 'ceremony' });
    else setChecked(reply.response);
  };
  const passed = checked?.passed === true;
  const task = passed ? 'begin' : 'check';
  const button = passed ? check.begin : checked === undefined ? check.start : check.again;
  return (
    <Page
      title={plan.title}
      actions={
        <button
          type="button"
          className="primary"
          aria-disabled={busy !== undefined || binding === undefined}
          onClick={() => void run(task)}
        >
          {button}
        </button>
      }
    >
      <PlanFacts plan={plan} />
      <Setting
        {...{ plan, bindings, binding, rehearse }}
        choose={(id) => {
          setBinding(id);
          changed();
        }}
        setRehearse={(on) => {
          setRehearse(on);
          changed();
        }}
      />
      {busy === undefined ? null : <Going />}
      {refusal === undefined ? null : <RefusalBox refusal={refusal} />}
      {checked === undefined || busy !== undefined ? null : <CheckResult checked={checked} />}
    </Page>
  );
}

/** One plan, checked before anybody is asked to start it. */
export function Check({ plan: id }: { readonly plan: string }): ReactNode {
  const reply = useReply('list', {}, id);
  if (reply === undefined) return <p className="waiting">{text.busy}</p>;
  if (!reply.ok) return <RefusalBox refusal={reply.refusal} />;
  const plan = reply.response.plans.find((each) => each.id === id);
  if (plan?.readable !== true) return null;
  return <Checking plan={plan} bindings={reply.response.bindings} />;
}
