import { useState, type ReactNode } from 'react';
import type { Refusal } from '../../../core/ports/coded-error.ts';
import type { ResponseOf } from '../../contract/methods.ts';
import { hexGroups } from '../../../core/ceremony/words.ts';
import { formatBytes } from '../format-bytes.ts';
import { useHost } from '../host.ts';
import { Facts, Hashed } from '../parts/facts.tsx';
import { Page } from '../parts/page.tsx';
import { Qr } from '../parts/qr.tsx';
import { RefusalBox } from '../parts/refusal.tsx';
import { Time } from '../parts/time.tsx';
import { Hash } from '../parts/words.tsx';
import { text } from '../text.ts';
import { visibleLines } from '../../../core/ceremony/visible.ts';

type ReceiptData = ResponseOf<'export'>;

const { export: said, viewer } = text;

function Files({ files }: { readonly files: ReceiptData['files'] }): ReactNode {
  return (
    <table className="files">
      <caption>{said.files}</caption>
      <thead>
        <tr>
          <th scope="col">{said.file}</th>
          <th scope="col">{said.size}</th>
          <th scope="col">{said.hash}</th>
        </tr>
      </thead>
      <tbody>
        {files.map(({ file, bytes, sha256 }) => (
          <tr key={file}>
            <th scope="row">{visibleLines(file)}</th>
            <td>{formatBytes(bytes)}</td>
            <td>
              <Hash value={hexGroups(sha256)} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What the room keeps: what was copied where, and one hash for all of it, in words and as a QR code. */
export function Receipt({ receipt, target }: { readonly receipt: ReceiptData; readonly target: string }): ReactNode {
  const host = useHost();
  const [ejected, setEjected] = useState<string | undefined>();
  const [refusal, setRefusal] = useState<Refusal | undefined>();
  const { at, label, device, standIn, folder, files, whole } = receipt;
  const eject = async (): Promise<void> => {
    const reply = await host.bridge.call('eject', { target });
    if (reply.ok) setEjected(reply.response.label);
    setRefusal(reply.ok ? undefined : reply.refusal);
  };
  return (
    <Page
      title={said.receipt}
      why={said.receiptWhy}
      actions={
        <>
          {ejected === undefined ? (
            <button type="button" className="primary" onClick={() => void eject()}>
              {said.eject}
            </button>
          ) : null}
          <button
            type="button"
            className="quiet"
            onClick={() => {
              print();
            }}
          >
            {said.print}
          </button>
        </>
      }
    >
      <p className="result result-passed" role="status">
        {ejected === undefined ? '' : said.ejected(visibleLines(ejected))}
      </p>
      {refusal === undefined ? null : <RefusalBox refusal={refusal} />}
      {standIn ? <p className="notice">{said.standIn}</p> : null}
      <p>
        {said.at}: <Time utc={at} />
      </p>
      <Facts
        facts={[
          { label: said.to, value: said.medium(label, device) },
          { label: said.folder, value: folder },
        ]}
      />
      <h2>{said.whole}</h2>
      <div className="with-qr">
        <Hashed sha256={whole.sha256} label={said.whole} />
        <Qr content={whole.sha256} label={viewer.qrLabel(whole.sha256)} />
      </div>
      <Files files={files} />
    </Page>
  );
}
