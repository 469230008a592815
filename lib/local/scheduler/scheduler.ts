/**
 * AWS::Scheduler::ScheduleGroup and the service `scheduler`. A schedule sends one message when its time has come. It is
 * in the journal before CreateSchedule answers, and stays there until its message is delivered.
 */
import { isMet } from "../iam/condition.ts";
import { trusts } from "../iam/decide.ts";
import { policiesOf } from "../iam/policies.ts";
import type { DurableMap } from "../machine/journal.ts";
import { inputOf, propertiesOf } from "../service/properties.ts";
import {
  type Input,
  type MakeProvider,
  type Operation,
  type Service,
  ServiceError,
} from "../service/service.ts";
import { delivery } from "./delivery.ts";
import { createScheduleSchema, deleteScheduleSchema, groupProperties, type Schedule } from "./schedule.ts";

const deletionOf = (input: Input) => inputOf(input, deleteScheduleSchema, "ValidationException");

const checked = (input: Input) => inputOf(input, createScheduleSchema, "ValidationException");

type Schedules = {
  readonly arnOf: (path: string) => string;
  readonly create: (schedule: Schedule) => void;
  readonly schedules: DurableMap<Schedule>;
};

const operationsOn = ({ arnOf, create, schedules }: Schedules): Service["operations"] => {
  const createSchedule: Operation = {
    requires: (input) => {
      const { GroupName, Name, Target } = checked(input);
      return [
        { action: "scheduler:CreateSchedule", resource: arnOf(`schedule/${GroupName}/${Name}`) },
        { action: "iam:PassRole", resource: Target.RoleArn },
      ];
    },
    run: (input) => {
      const { GroupName: group, Name, ScheduleExpression: at, ClientToken, Target: target } = checked(input);
      const arn = arnOf(`schedule/${group}/${Name}`);
      const token = ClientToken !== undefined && { token: ClientToken };
      create({ arn, group, at, ...token, target, failures: 0 });
      return { ScheduleArn: arn };
    },
  };

  /** A message that is being sent when its schedule is deleted still arrives. */
  const deleteSchedule: Operation = {
    requires: (input) => {
      const { GroupName, Name } = deletionOf(input);
      return [{ action: "scheduler:DeleteSchedule", resource: arnOf(`schedule/${GroupName}/${Name}`) }];
    },
    run: (input) => {
      const { GroupName, Name } = deletionOf(input);
      const arn = arnOf(`schedule/${GroupName}/${Name}`);
      if (!schedules.get(arn))
        throw new ServiceError("ResourceNotFoundException", `Schedule ${Name} does not exist.`, 404);
      schedules.delete(arn);
      return {};
    },
  };

  return { CreateSchedule: createSchedule, DeleteSchedule: deleteSchedule };
};

export const scheduler: MakeProvider = (cloud, resources) => {
  const groups = new Set(["default"]);
  for (const resource of resources.filter(({ type }) => type === "AWS::Scheduler::ScheduleGroup")) {
    propertiesOf(resource, groupProperties);
    groups.add(resource.name);
  }
  const { roles } = policiesOf(cloud.resources);
  const schedules = cloud.journal.map<Schedule>("schedules");
  const deliveries = delivery(cloud, schedules);

  const arnOf = (path: string) => `arn:aws:scheduler:${cloud.region}:${cloud.account}:${path}`;

  /**
   * The scheduler assumes a role on behalf of the group, so that a condition of the role can name the group (against a
   * confused deputy).
   */
  const mayTake = (roleArn: string, group: string): boolean => {
    const context = {
      "aws:SecureTransport": "true",
      "aws:SourceAccount": cloud.account,
      "aws:SourceArn": arnOf(`schedule-group/${group}`),
    } as const;
    const trust = roles.get(roleArn)?.trust ?? [];
    const met = trust.filter(({ conditions }) => conditions.every((each) => isMet(each, context)));
    return trusts(met, "scheduler.amazonaws.com");
  };

  const create = (schedule: Schedule) => {
    const { arn, at, group, token, target } = schedule;
    if (!groups.has(group))
      throw new ServiceError("ResourceNotFoundException", `Schedule group ${group} does not exist.`, 404);
    if (!mayTake(target.RoleArn, group))
      throw new ServiceError(
        "ValidationException",
        "The execution role you provide must allow AWS EventBridge Scheduler to assume the role.",
      );
    const known = schedules.get(arn);
    if (known && token !== undefined && known.token === token) return;
    const name = arn.split("/").at(-1);
    if (known) throw new ServiceError("ConflictException", `Schedule ${name} already exists.`, 409);
    if (at < cloud.clock.now())
      throw new ServiceError("ValidationException", `Invalid Schedule Expression: ${name} is in the past.`);
    schedules.set(arn, schedule);
    deliveries.sendWhenDue(schedule);
  };

  return {
    services: [{ name: "scheduler", operations: operationsOn({ arnOf, create, schedules }) }],
    start: () => {
      for (const [arn, schedule] of [...schedules.entries()])
        if (groups.has(schedule.group)) deliveries.sendWhenDue(schedule);
        // The schedules of a group are deleted with the group.
        else schedules.delete(arn);
    },
  };
};
