import * as l10n from '@vscode/l10n';
import type { Description, DescriptionField } from '../pki/description.js';
import { visibleText } from '../pki/visibleText.js';
import { singleLineText } from '../ui/visibleText.js';
import type { PageDetails, PageField } from './protocolInspector.js';

/** A description for the page; each field is named by the way to it, such as `2.0.1`. */
export function pageDetails(part: string, { groups, notes }: Description): PageDetails {
  return {
    part,
    notes: notes.map(visibleText),
    groups: groups.map(({ title, fields }, group) => ({
      title: visibleText(title),
      fields: fields.map((field, index) => pageField(field, `${group}.${index}`)),
    })),
  };
}

function pageField(field: DescriptionField, id: string): PageField {
  const { label, value, shown = value, oid, critical, encoding, problem, children = [] } = field;
  return {
    id,
    label: visibleText(label),
    shown: visibleText(shown),
    remarks: [
      ...(critical === true ? [l10n.t('critical')] : []),
      ...(oid === undefined || oid === value || oid === label ? [] : [oid]),
      ...(encoding === undefined ? [] : [encoding]),
    ].map(visibleText),
    problem: visibleText(problem ?? ''),
    canCopy: value !== '',
    children: children.map((child, index) => pageField(child, `${id}.${index}`)),
  };
}

/** What copying a field gives, found by the way to it; undefined where there is none. */
export function copiedField({ groups }: Description, id: string): string | undefined {
  const [group = -1, first = -1, ...rest] = id.split('.').map(Number);
  const field = rest.reduce<DescriptionField | undefined>(
    (parent, index) => parent?.children?.[index],
    groups[group]?.fields[first],
  );
  return field === undefined || field.value === '' ? undefined : singleLineText(field.value);
}
