import { randomUUID } from 'node:crypto';
import { isObject, textMember, type JsonObject } from './cfValues.js';
import { BrokerRefusal, type CfBroker } from './cfBroker.js';
import { plans } from './cfCatalog.js';
import type {
  CfContent,
  PracticeInstance,
  PracticeJob,
  PracticeKey,
  PracticeLastOperation,
} from './cfContent.js';
import { CfError, inProgress, notAuthorized, notFound, unprocessable } from './cfError.js';
import type { CfFault, CfFaults } from './cfFaults.js';

type Operation =
  | 'service_instance.create'
  | 'service_instance.update'
  | 'service_instance.delete'
  | 'service_keys.create'
  | 'service_keys.delete';

/** The changes: what Cloud Foundry checks at once, and what the service does when its time has come. */
export class CfWork {
  constructor(
    private readonly content: CfContent,
    private readonly broker: CfBroker,
    private readonly faults: CfFaults,
    private readonly clock: () => number,
  ) {}

  createInstance(body: JsonObject, faults: readonly CfFault[]): PracticeJob {
    const name = textMember(body, 'name');
    const spaceGuid = guidAt(body, 'space');
    const planGuid = guidAt(body, 'service_plan');
    if (name === undefined || name === '' || body['type'] !== 'managed') {
      throw unprocessable("Name can't be blank, Type must be one of 'managed', 'user-provided'");
    }
    const space = this.content.spaces.find(({ guid }) => guid === spaceGuid);
    if (space === undefined) {
      throw unprocessable('Invalid space. Ensure that the space exists and you have access to it.');
    }
    demandDeveloper(space.role);
    const plan = plans.find(({ guid }) => guid === planGuid);
    if (plan === undefined) {
      throw unprocessable(
        'Invalid service plan. Ensure that the service plan exists, is available, and you have access to it.',
      );
    }
    const isTaken = this.content.instances.some((one) => one.spaceGuid === space.guid && one.name === name);
    if (isTaken || has(faults, 'nameTaken')) {
      throw unprocessable(`The service instance name is taken: ${name}.`);
    }
    const now = this.clock();
    const instance: PracticeInstance = {
      guid: randomUUID(),
      name,
      spaceGuid: space.guid,
      planGuid: plan.guid,
      createdAt: now,
      updatedAt: now,
      parameters: objectAt(body, 'parameters'),
      lastOperation: this.begun('create'),
    };
    this.content.instances.push(instance);
    return this.begin('service_instance.create', instance.guid, faults);
  }

  updateInstance(guid: string, body: JsonObject, faults: readonly CfFault[]): PracticeJob {
    const instance = this.changeable(guid, faults);
    instance.lastOperation = this.begun('update');
    return this.begin('service_instance.update', guid, faults, objectAt(body, 'parameters'));
  }

  deleteInstance(guid: string, faults: readonly CfFault[]): PracticeJob {
    const instance = this.changeable(guid, faults);
    instance.lastOperation = this.begun('delete');
    return this.begin('service_instance.delete', guid, faults);
  }

  createKey(body: JsonObject, faults: readonly CfFault[]): PracticeJob {
    const name = textMember(body, 'name');
    const instance = this.content.instances.find(({ guid }) => guid === guidAt(body, 'service_instance'));
    if (instance === undefined) {
      throw unprocessable(
        `The service instance could not be found: '${guidAt(body, 'service_instance') ?? ''}'`,
      );
    }
    if (name === undefined || name === '' || body['type'] !== 'key') {
      throw unprocessable("Name can't be blank");
    }
    demandDeveloper(this.roleAt(instance));
    if (isUnderWay(instance) || has(faults, 'operationInProgress')) {
      throw unprocessable('There is an operation in progress for the service instance.');
    }
    const twin = this.content.keys.find((key) => key.instanceGuid === instance.guid && key.name === name);
    const isReplaceable = twin?.lastOperation.type === 'create' && twin.lastOperation.state === 'failed';
    if ((twin !== undefined && !isReplaceable) || has(faults, 'nameTaken')) {
      throw unprocessable(
        `The binding name is invalid. Key binding names must be unique. The service instance already has a key binding with name '${name}'.`,
      );
    }
    const now = this.clock();
    const key: PracticeKey = {
      guid: twin?.guid ?? randomUUID(),
      name,
      instanceGuid: instance.guid,
      createdAt: now,
      updatedAt: now,
      parameters: objectAt(body, 'parameters'),
      credentials: {},
      lastOperation: this.begun('create'),
    };
    this.content.keys = [...this.content.keys.filter((one) => one !== twin), key];
    return this.begin('service_keys.create', key.guid, faults);
  }

  deleteKey(guid: string, faults: readonly CfFault[]): PracticeJob {
    const key = this.content.keys.find((one) => one.guid === guid);
    const instance = this.content.instances.find((one) => one.guid === key?.instanceGuid);
    if (key === undefined || instance === undefined) {
      throw notFound('Service credential binding');
    }
    demandDeveloper(this.roleAt(instance));
    if (isUnderWay(key) || isUnderWay(instance) || has(faults, 'operationInProgress')) {
      throw inProgress(instance.name);
    }
    key.lastOperation = this.begun('delete');
    return this.begin('service_keys.delete', guid, faults);
  }

  /** Ends the work whose time has come; true where something changed. */
  async settle(): Promise<boolean> {
    let changed = false;
    for (const job of this.content.jobs) {
      const isOpen = job.state === 'PROCESSING' || job.state === 'POLLING';
      if (isOpen && job.state !== 'POLLING') {
        job.state = 'POLLING';
        changed = true;
      }
      if (!isOpen || job.due === undefined || job.due > this.clock()) {
        continue;
      }
      changed = true;
      try {
        if (job.failure !== undefined) {
          throw new BrokerRefusal(job.failure);
        }
        await this.perform(job);
        job.state = 'COMPLETE';
      } catch (error) {
        const said =
          error instanceof BrokerRefusal ? error.message : 'Internal error of the practice service';
        job.state = 'FAILED';
        const [, verb = ''] = job.operation.split('.');
        const what = job.operation.startsWith('service_keys') && verb === 'create' ? 'bind' : verb;
        job.error = {
          code: 10009,
          title: 'CF-UnableToPerform',
          detail: `${what} could not be completed: ${said}`,
        };
        this.end(job, 'failed', said);
      }
    }
    return changed;
  }

  roleAt(instance: Pick<PracticeInstance, 'spaceGuid'>): 'developer' | 'auditor' | undefined {
    return this.content.spaces.find(({ guid }) => guid === instance.spaceGuid)?.role;
  }

  private async perform(job: PracticeJob): Promise<void> {
    const { content } = this;
    const instance = content.instances.find(({ guid }) => guid === job.targetGuid);
    const key = content.keys.find(({ guid }) => guid === job.targetGuid);
    switch (job.operation as Operation) {
      case 'service_instance.create':
        this.broker.checkInstance(instance?.parameters ?? {});
        break;
      case 'service_instance.update':
        this.broker.checkInstance(job.parameters ?? {});
        if (instance !== undefined) {
          instance.parameters = { ...instance.parameters, ...job.parameters };
          instance.updatedAt = this.clock();
        }
        break;
      case 'service_instance.delete':
        content.keys = content.keys.filter(({ instanceGuid }) => instanceGuid !== job.targetGuid);
        content.instances = content.instances.filter((one) => one !== instance);
        return;
      case 'service_keys.create': {
        const owner = content.instances.find(({ guid }) => guid === key?.instanceGuid);
        if (key !== undefined && owner !== undefined) {
          const planName = plans.find(({ guid }) => guid === owner.planGuid)?.name ?? '';
          const others = content.keys.filter((one) => one !== key);
          key.credentials = await this.broker.makeKey(
            { parameters: owner.parameters, planName },
            key.parameters,
            others,
          );
        }
        break;
      }
      case 'service_keys.delete':
        content.keys = content.keys.filter((one) => one !== key);
        return;
    }
    this.end(job, 'succeeded', '');
  }

  private end(job: PracticeJob, state: 'succeeded' | 'failed', description: string): void {
    const rows = [...this.content.instances, ...this.content.keys];
    const row = rows.find(({ guid }) => guid === job.targetGuid);
    if (row !== undefined) {
      row.lastOperation = { ...row.lastOperation, state, description, updatedAt: this.clock() };
    }
  }

  private changeable(guid: string, faults: readonly CfFault[]): PracticeInstance {
    const instance = this.content.instances.find((one) => one.guid === guid);
    if (instance === undefined) {
      throw notFound('Service instance');
    }
    demandDeveloper(this.roleAt(instance));
    if (isUnderWay(instance) || has(faults, 'operationInProgress')) {
      throw inProgress(instance.name);
    }
    return instance;
  }

  private begun(type: PracticeLastOperation['type']): PracticeLastOperation {
    const now = this.clock();
    return { type, state: 'in progress', description: '', createdAt: now, updatedAt: now };
  }

  private begin(
    operation: Operation,
    targetGuid: string,
    faults: readonly CfFault[],
    parameters?: JsonObject,
  ): PracticeJob {
    const failure = faults.find((fault) => fault.kind === 'jobFails');
    const now = this.clock();
    const job: PracticeJob = {
      guid: randomUUID(),
      operation,
      targetGuid,
      createdAt: now,
      due: has(faults, 'jobHangs') ? undefined : now + this.faults.jobMilliseconds,
      failure: failure?.description,
      parameters,
      state: 'PROCESSING',
      error: undefined,
    };
    this.content.jobs = [...this.content.jobs.slice(-200), job];
    return job;
  }
}

/** Whether one of the faults is of this kind. */
export function has(faults: readonly CfFault[], kind: CfFault['kind']): boolean {
  return faults.some((fault) => fault.kind === kind);
}

function isUnderWay({ lastOperation }: Pick<PracticeInstance, 'lastOperation'>): boolean {
  return lastOperation.state === 'in progress';
}

function demandDeveloper(role: 'developer' | 'auditor' | undefined): void {
  if (role !== 'developer') {
    throw notAuthorized();
  }
}

function guidAt(body: JsonObject, name: string): string | undefined {
  const relationship = objectAt(objectAt(body, 'relationships'), name);
  return textMember(objectAt(relationship, 'data'), 'guid');
}

function objectAt(body: JsonObject, name: string): JsonObject {
  const value = body[name] ?? {};
  if (!isObject(value)) {
    throw new CfError(422, 10008, 'CF-UnprocessableEntity', `${name} must be an object`);
  }
  return value;
}
