import assert from 'node:assert/strict';
import { subjectSteps, type SubjectDraft } from '../../../src/commands/subjectSteps.js';
import type { InputOptions, Prompts } from '../../../src/ui/prompts.js';

/** The question for one member, by its prompt. */
async function question(prompt: RegExp): Promise<InputOptions> {
  const asked: InputOptions[] = [];
  const prompts = {
    input: (options: InputOptions) => {
      asked.push(options);
      return Promise.resolve({ kind: 'value', value: '' });
    },
  } as unknown as Prompts;
  const draft: { subject: SubjectDraft } = { subject: {} };
  for (const step of subjectSteps(prompts, { country: 'optional', check: () => undefined })) {
    await step.ask(draft, { title: '' });
  }
  return asked.find((options) => prompt.test(options.prompt)) ?? assert.fail('not asked');
}

describe('the questions for a subject', () => {
  it('take a mail address of one @ and of ASCII characters only', async () => {
    const { validate } = await question(/^E-mail/);
    for (const wrong of ['a', 'ä@b', 'a@b@c.example', '@b', 'a@', 'a b@c', '"a@b', 'a"@"b@c']) {
      assert.match(validate?.(wrong) ?? '', /no mail address/, wrong);
    }
    for (const right of ['', 'a.b+c@d.example', '"a@ b\\""@c.example', ' a@b ']) {
      assert.equal(validate?.(right), undefined, right);
    }
  });
});
