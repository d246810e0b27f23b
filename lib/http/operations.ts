import type { z } from "zod";
import { uploadBaselineOutput, uploadBaselineQuery } from "#lib/api/baseline.ts";
import { modelInput } from "#lib/api/model.ts";
import { addImageInput, addImageOutput } from "#lib/api/timeline.ts";
import { imageTypes } from "#lib/domain/image.ts";
import { createAction } from "#lib/services/action/create-action.ts";
import { decideRun } from "#lib/services/action/decide-run.ts";
import { deleteAction } from "#lib/services/action/delete-action.ts";
import { getRun } from "#lib/services/action/get-run.ts";
import { listActions } from "#lib/services/action/list-actions.ts";
import { listRuns } from "#lib/services/action/list-runs.ts";
import { requestRun } from "#lib/services/action/request-run.ts";
import { rotateActionSecret } from "#lib/services/action/rotate-action-secret.ts";
import { settleRun } from "#lib/services/action/settle-run.ts";
import { testAction } from "#lib/services/action/test-action.ts";
import { updateAction } from "#lib/services/action/update-action.ts";
import { createActionItem } from "#lib/services/action-item/create-action-item.ts";
import { getActionItem } from "#lib/services/action-item/get-action-item.ts";
import { listActionItems } from "#lib/services/action-item/list-action-items.ts";
import { runAcceptanceTests } from "#lib/services/action-item/run-acceptance-tests.ts";
import { testActionItem } from "#lib/services/action-item/test-action-item.ts";
import { updateActionItem } from "#lib/services/action-item/update-action-item.ts";
import { listAlerts } from "#lib/services/alert/list-alerts.ts";
import { activateBaseline } from "#lib/services/baseline/activate-baseline.ts";
import { deleteBaseline } from "#lib/services/baseline/delete-baseline.ts";
import { listBaselines } from "#lib/services/baseline/list-baselines.ts";
import { getCauses } from "#lib/services/cause/get-causes.ts";
import { listChangeEvents } from "#lib/services/change/list-change-events.ts";
import { recordChangeEvents } from "#lib/services/change/record-change-events.ts";
import { createDestination } from "#lib/services/destination/create-destination.ts";
import { deleteDestination } from "#lib/services/destination/delete-destination.ts";
import { describeSlackLink } from "#lib/services/destination/describe-slack-link.ts";
import { linkSlackAccount } from "#lib/services/destination/link-slack-account.ts";
import { listDestinations } from "#lib/services/destination/list-destinations.ts";
import { rotateDestinationSecret } from "#lib/services/destination/rotate-destination-secret.ts";
import { testDestination } from "#lib/services/destination/test-destination.ts";
import { updateDestination } from "#lib/services/destination/update-destination.ts";
import { explainDrift } from "#lib/services/drift/explain-drift.ts";
import { getDrift } from "#lib/services/drift/get-drift.ts";
import { getDriftSeries } from "#lib/services/drift/get-drift-series.ts";
import { getFeatureDrift } from "#lib/services/drift/get-feature-drift.ts";
import { createPolicy } from "#lib/services/escalation/create-policy.ts";
import { deletePolicy } from "#lib/services/escalation/delete-policy.ts";
import { listPolicies } from "#lib/services/escalation/list-policies.ts";
import { updatePolicy } from "#lib/services/escalation/update-policy.ts";
import { listPerformanceEvaluations } from "#lib/services/evaluation/list-performance-evaluations.ts";
import { getFairness } from "#lib/services/fairness/get-fairness.ts";
import { updateAttribute } from "#lib/services/fairness/update-attribute.ts";
import { getFleet } from "#lib/services/fleet/get-fleet.ts";
import { getFreshness } from "#lib/services/freshness/get-freshness.ts";
import { getLabelDelay } from "#lib/services/freshness/get-label-delay.ts";
import { updateFreshnessObjective } from "#lib/services/freshness/update-freshness-objective.ts";
import { actOnIncident } from "#lib/services/incident/act-on-incident.ts";
import { createIncident } from "#lib/services/incident/create-incident.ts";
import { getEvidence } from "#lib/services/incident/get-evidence.ts";
import { getIncident } from "#lib/services/incident/get-incident.ts";
import { getIncidentHistory } from "#lib/services/incident/get-incident-history.ts";
import { listIncidents } from "#lib/services/incident/list-incidents.ts";
import { listSimilarIncidents } from "#lib/services/incident/list-similar-incidents.ts";
import { reproduceEvidence } from "#lib/services/incident/reproduce-evidence.ts";
import { sendStatusUpdate } from "#lib/services/incident/send-status-update.ts";
import { updateIncident } from "#lib/services/incident/update-incident.ts";
import { getInsights } from "#lib/services/insight/get-insights.ts";
import { getJobStatus } from "#lib/services/job/get-job-status.ts";
import { listJobRuns } from "#lib/services/job/list-job-runs.ts";
import { requestJobRun } from "#lib/services/job/request-job-run.ts";
import { getJoint } from "#lib/services/joint/get-joint.ts";
import { createKey } from "#lib/services/key/create-key.ts";
import { listKeys } from "#lib/services/key/list-keys.ts";
import { revokeKey } from "#lib/services/key/revoke-key.ts";
import { acceptInvitation } from "#lib/services/member/accept-invitation.ts";
import { inviteMember } from "#lib/services/member/invite-member.ts";
import { listMembers } from "#lib/services/member/list-members.ts";
import { removeMember } from "#lib/services/member/remove-member.ts";
import { revokeInvitation } from "#lib/services/member/revoke-invitation.ts";
import { updateMember } from "#lib/services/member/update-member.ts";
import { acceptFeatures } from "#lib/services/model/accept-features.ts";
import { getModel } from "#lib/services/model/get-model.ts";
import { listModels } from "#lib/services/model/list-models.ts";
import { updateFeature } from "#lib/services/model/update-feature.ts";
import { updateModel } from "#lib/services/model/update-model.ts";
import { createMonitor } from "#lib/services/monitor/create-monitor.ts";
import { deleteMonitor } from "#lib/services/monitor/delete-monitor.ts";
import { enableMonitor } from "#lib/services/monitor/enable-monitor.ts";
import { getMonitor } from "#lib/services/monitor/get-monitor.ts";
import { getMonitorCoverage } from "#lib/services/monitor/get-monitor-coverage.ts";
import { getMonitorHistory } from "#lib/services/monitor/get-monitor-history.ts";
import { listMonitors } from "#lib/services/monitor/list-monitors.ts";
import { previewMonitor } from "#lib/services/monitor/preview-monitor.ts";
import { runMonitor } from "#lib/services/monitor/run-monitor.ts";
import { updateMonitor } from "#lib/services/monitor/update-monitor.ts";
import { watchModel } from "#lib/services/monitor/watch-model.ts";
import { getNotification } from "#lib/services/notification/get-notification.ts";
import { listNotifications } from "#lib/services/notification/list-notifications.ts";
import { replayNotification } from "#lib/services/notification/replay-notification.ts";
import { getOnboarding } from "#lib/services/onboarding/get-onboarding.ts";
import { getPerformance } from "#lib/services/performance/get-performance.ts";
import { updateBusinessValue } from "#lib/services/performance/update-business-value.ts";
import { actOnPostmortem } from "#lib/services/postmortem/act-on-postmortem.ts";
import { addComment } from "#lib/services/postmortem/add-comment.ts";
import { addEntry } from "#lib/services/postmortem/add-entry.ts";
import { createPostmortem } from "#lib/services/postmortem/create-postmortem.ts";
import { curateEntry } from "#lib/services/postmortem/curate-entry.ts";
import { exportPostmortem } from "#lib/services/postmortem/export-postmortem.ts";
import { getPostmortem } from "#lib/services/postmortem/get-postmortem.ts";
import { getPostmortemStatus } from "#lib/services/postmortem/get-postmortem-status.ts";
import { getSection } from "#lib/services/postmortem/get-section.ts";
import { getTemplate } from "#lib/services/postmortem/get-template.ts";
import { importEntries } from "#lib/services/postmortem/import-entries.ts";
import { listPostmortems } from "#lib/services/postmortem/list-postmortems.ts";
import { replayDetection } from "#lib/services/postmortem/replay-detection.ts";
import { resolveComment } from "#lib/services/postmortem/resolve-comment.ts";
import { updatePostmortem } from "#lib/services/postmortem/update-postmortem.ts";
import { updateSection } from "#lib/services/postmortem/update-section.ts";
import { updateTemplate } from "#lib/services/postmortem/update-template.ts";
import { listPredictions } from "#lib/services/prediction/list-predictions.ts";
import { getExpectation } from "#lib/services/quality/get-expectation.ts";
import { getFeatureQuality } from "#lib/services/quality/get-feature-quality.ts";
import { getQuality } from "#lib/services/quality/get-quality.ts";
import { getRepeats } from "#lib/services/quality/get-repeats.ts";
import { listBadRows } from "#lib/services/quality/list-bad-rows.ts";
import { listExpectations } from "#lib/services/quality/list-expectations.ts";
import { previewExpectation } from "#lib/services/quality/preview-expectation.ts";
import { updateExpectation } from "#lib/services/quality/update-expectation.ts";
import { createReaction } from "#lib/services/reaction/create-reaction.ts";
import { deleteReaction } from "#lib/services/reaction/delete-reaction.ts";
import { listReactionEvaluations } from "#lib/services/reaction/list-reaction-evaluations.ts";
import { listReactions } from "#lib/services/reaction/list-reactions.ts";
import { updateReaction } from "#lib/services/reaction/update-reaction.ts";
import { listRejections } from "#lib/services/rejection/list-rejections.ts";
import { getRootCause } from "#lib/services/root-cause/get-root-cause.ts";
import { addReadyRunbooks } from "#lib/services/runbook/add-ready-runbooks.ts";
import { archiveRunbook } from "#lib/services/runbook/archive-runbook.ts";
import { askStep } from "#lib/services/runbook/ask-step.ts";
import { attachRunbook } from "#lib/services/runbook/attach-runbook.ts";
import { checkOffStep } from "#lib/services/runbook/check-off-step.ts";
import { checkRunbook } from "#lib/services/runbook/check-runbook.ts";
import { createRunbook } from "#lib/services/runbook/create-runbook.ts";
import { getRunbook } from "#lib/services/runbook/get-runbook.ts";
import { getRunbookDiff } from "#lib/services/runbook/get-runbook-diff.ts";
import { getRunbookVersion } from "#lib/services/runbook/get-runbook-version.ts";
import { listIncidentRunbooks } from "#lib/services/runbook/list-incident-runbooks.ts";
import { listRunbookVersions } from "#lib/services/runbook/list-runbook-versions.ts";
import { listRunbooks } from "#lib/services/runbook/list-runbooks.ts";
import { updateRunbook } from "#lib/services/runbook/update-runbook.ts";
import { createOverride } from "#lib/services/schedule/create-override.ts";
import { createSchedule } from "#lib/services/schedule/create-schedule.ts";
import { deleteOverride } from "#lib/services/schedule/delete-override.ts";
import { deleteSchedule } from "#lib/services/schedule/delete-schedule.ts";
import { getSchedule } from "#lib/services/schedule/get-schedule.ts";
import { listSchedules } from "#lib/services/schedule/list-schedules.ts";
import { updateSchedule } from "#lib/services/schedule/update-schedule.ts";
import { createSegmentKey } from "#lib/services/segment/create-segment-key.ts";
import { deleteSegmentKey } from "#lib/services/segment/delete-segment-key.ts";
import { getWorstSegments } from "#lib/services/segment/get-worst-segments.ts";
import { listSegmentKeys } from "#lib/services/segment/list-segment-keys.ts";
import { listSegments } from "#lib/services/segment/list-segments.ts";
import { suggestSegmentKeys } from "#lib/services/segment/suggest-segment-keys.ts";
import { getSession } from "#lib/services/session/get-session.ts";
import { createSilence } from "#lib/services/silence/create-silence.ts";
import { expireSilence } from "#lib/services/silence/expire-silence.ts";
import { getSilence } from "#lib/services/silence/get-silence.ts";
import { listSilences } from "#lib/services/silence/list-silences.ts";
import { previewSilence } from "#lib/services/silence/preview-silence.ts";
import { updateSilence } from "#lib/services/silence/update-silence.ts";
import { getFeatureSkew } from "#lib/services/skew/get-feature-skew.ts";
import { getSkew } from "#lib/services/skew/get-skew.ts";
import { createSlo } from "#lib/services/slo/create-slo.ts";
import { deleteSlo } from "#lib/services/slo/delete-slo.ts";
import { exportSlo } from "#lib/services/slo/export-slo.ts";
import { getSlo } from "#lib/services/slo/get-slo.ts";
import { importSlos } from "#lib/services/slo/import-slos.ts";
import { listSlos } from "#lib/services/slo/list-slos.ts";
import { updateSlo } from "#lib/services/slo/update-slo.ts";
import { createTeam } from "#lib/services/team/create-team.ts";
import { deleteTeam } from "#lib/services/team/delete-team.ts";
import { listTeams } from "#lib/services/team/list-teams.ts";
import { updateTeam } from "#lib/services/team/update-team.ts";
import { addNote } from "#lib/services/timeline/add-note.ts";
import { getImage } from "#lib/services/timeline/get-image.ts";
import { updateEntry } from "#lib/services/timeline/update-entry.ts";
import { getVersionComparison } from "#lib/services/version/get-version-comparison.ts";
import { listVersions } from "#lib/services/version/list-versions.ts";
import { getVolume } from "#lib/services/volume/get-volume.ts";
import { createWorkspace } from "#lib/services/workspace/create-workspace.ts";
import { getWorkspace } from "#lib/services/workspace/get-workspace.ts";
import { updateWorkspace } from "#lib/services/workspace/update-workspace.ts";

export interface Operation {
  method: "get" | "post" | "patch" | "delete";
  /** Below /api/v1. */
  path: string;
  summary: string;
  service: { name: string; input: z.ZodType; output: z.ZodType };
  /** What the body is, where it is a file and not JSON. */
  fileTypes?: readonly string[];
  /** What is answered, where it is a file and not JSON. */
  answerTypes?: readonly string[];
}

const workspace = "/workspaces/{workspace}";
const model = `${workspace}/models/{model}`;
const incident = `${workspace}/incidents/{incident}`;
const destination = `${workspace}/destinations/{destinationId}`;
const notification = `${workspace}/notifications/{notificationId}`;

/** Every door of the management API. A test holds this list against the files in app/api/v1. */
export const operations: readonly Operation[] = [
  op("get", "/session", "Who is signed in, and where they are a member", getSession),
  op("post", "/invitations/accept", "Join a workspace by an invitation", acceptInvitation),
  op("post", "/workspaces", "Create a workspace and own it", createWorkspace),
  op("get", workspace, "A workspace", getWorkspace),
  op("patch", workspace, "Rename a workspace, or move its time zone", updateWorkspace),
  op("get", `${workspace}/members`, "Members, and open invitations", listMembers),
  op("post", `${workspace}/members`, "Invite somebody; the link is answered once", inviteMember),
  op("patch", `${workspace}/members/{userId}`, "Change a member's role", updateMember),
  op("delete", `${workspace}/members/{userId}`, "Remove a member, or leave", removeMember),
  op(
    "delete",
    `${workspace}/invitations/{invitationId}`,
    "Withdraw an invitation",
    revokeInvitation,
  ),
  op("get", `${workspace}/keys`, "API keys, without their secrets", listKeys),
  op("post", `${workspace}/keys`, "Create an API key; its secret is answered once", createKey),
  op("delete", `${workspace}/keys/{keyId}`, "Revoke an API key", revokeKey),
  op("get", `${workspace}/destinations`, "Where messages go, and how they fare", listDestinations),
  op("post", `${workspace}/destinations`, "Add a destination", createDestination),
  op("patch", destination, "Edit a destination, or switch it on or off", updateDestination),
  op("delete", destination, "Delete a destination", deleteDestination),
  op("post", `${destination}/test`, "Send a test by the way of every message", testDestination),
  op(
    "post",
    `${destination}/rotate`,
    "A new signing secret; the one before signs beside it for a day",
    rotateDestinationSecret,
  ),
  op(
    "post",
    `${workspace}/destinations/slack-accounts`,
    "Say which person somebody in Slack is",
    linkSlackAccount,
  ),
  op(
    "post",
    `${workspace}/destinations/slack-accounts/describe`,
    "Whom in Slack a link is about, before an account is linked by it",
    describeSlackLink,
  ),
  op("get", `${workspace}/notifications`, "The delivery log, newest first", listNotifications),
  op("get", notification, "A message with all attempts to send it", getNotification),
  op("post", `${notification}/replay`, "Send once more what was given up", replayNotification),
  op("get", `${workspace}/change-events`, "What was changed, and what broke", listChangeEvents),
  op("post", `${workspace}/change-events`, "Tell what was changed", recordChangeEvents),
  op("get", `${workspace}/actions`, "What can be called about an incident", listActions),
  op("post", `${workspace}/actions`, "Add an action; its secret is answered once", createAction),
  op("patch", `${workspace}/actions/{actionId}`, "Change an action", updateAction),
  op("delete", `${workspace}/actions/{actionId}`, "Delete an action", deleteAction),
  op(
    "post",
    `${workspace}/actions/{actionId}/rotate`,
    "A new signing secret; the one before holds beside it for a day",
    rotateActionSecret,
  ),
  op("post", `${workspace}/actions/{actionId}/test`, "Call it once, as a test", testAction),
  op("get", `${workspace}/action-runs`, "Runs of actions, newest first", listRuns),
  op("post", `${workspace}/action-runs`, "Ask for an action for an incident", requestRun),
  op("get", `${workspace}/action-runs/{runId}`, "A run with every step of it", getRun),
  op("post", `${workspace}/action-runs/{runId}/decide`, "Approve, decline or cancel", decideRun),
  op(
    "post",
    `${workspace}/action-runs/{runId}/settle`,
    "Say how a run came out of which nobody knew",
    settleRun,
  ),
  op("get", `${workspace}/reactions`, "What calls an action by itself", listReactions),
  op("post", `${workspace}/reactions`, "Add a reaction", createReaction),
  op("patch", `${workspace}/reactions/{reactionId}`, "Change a reaction", updateReaction),
  op("delete", `${workspace}/reactions/{reactionId}`, "Delete a reaction", deleteReaction),
  op(
    "get",
    `${workspace}/reaction-evaluations`,
    "How reactions came out, and why",
    listReactionEvaluations,
  ),
  op("get", `${workspace}/models`, "The models of a workspace", listModels),
  op("get", model, "A model with its versions and features", getModel),
  op("patch", model, "Describe a model, or confirm its task", updateModel),
  op("patch", `${model}/features/{feature}`, "Confirm the type of a feature", updateFeature),
  op(
    "post",
    `${model}/features/accept`,
    "Confirm inferred types as they were seen",
    acceptFeatures,
  ),
  op("get", `${model}/predictions`, "Predictions by id, by entity, or the newest", listPredictions),
  op("get", `${model}/baselines`, "The baselines of a model", listBaselines),
  {
    method: "post",
    path: `${model}/baselines`,
    summary: "Upload a file as a baseline; the body is the file itself",
    service: {
      name: "uploadBaseline",
      input: modelInput.extend(uploadBaselineQuery.shape),
      output: uploadBaselineOutput,
    },
    fileTypes: ["application/vnd.apache.parquet", "text/csv", "application/x-ndjson"],
  },
  op("post", `${model}/baselines/{baselineId}/activate`, "Compare with this one", activateBaseline),
  op(
    "delete",
    `${model}/baselines/{baselineId}`,
    "Delete a baseline with its rows",
    deleteBaseline,
  ),
  op("get", `${model}/drift`, "Drift of every feature in a window", getDrift),
  op("get", `${model}/drift/series`, "Drift by day, week or month as one table", getDriftSeries),
  op("get", `${model}/drift/feature`, "One feature beside its reference", getFeatureDrift),
  op("get", `${model}/skew`, "Served against offline features, pair by pair", getSkew),
  op("get", `${model}/skew/feature`, "One feature's pairs, and what explains them", getFeatureSkew),
  op("get", `${model}/quality`, "What is wrong with the values of a window", getQuality),
  op("get", `${model}/quality/feature`, "One feature's checks over time", getFeatureQuality),
  op("get", `${model}/quality/rows`, "Some rows that are bad in one way", listBadRows),
  op("get", `${model}/quality/repeats`, "Predictions that were sent more than once", getRepeats),
  op("get", `${model}/expectations`, "What every feature is expected to be", listExpectations),
  op("get", `${model}/expectations/{feature}`, "One expectation, and its history", getExpectation),
  op(
    "post",
    `${model}/expectations/{feature}/preview`,
    "How many rows would break an expectation",
    previewExpectation,
  ),
  op(
    "patch",
    `${model}/expectations/{feature}`,
    "Say what a feature is expected to be",
    updateExpectation,
  ),
  op("get", `${model}/drift/explain`, "One number of drift, taken apart", explainDrift),
  op("get", `${model}/drift/joint`, "Drift of all features together, judged daily", getJoint),
  op("get", `${model}/drift/causes`, "What simple fault explains a feature's drift", getCauses),
  op("get", `${model}/freshness`, "How old events and features are", getFreshness),
  op(
    "get",
    `${model}/fairness`,
    "Whether the groups of an attribute are treated alike",
    getFairness,
  ),
  op(
    "patch",
    `${model}/fairness/attributes/{segmentKey}`,
    "Mark a segment key as a sensitive attribute, with or without a reference group",
    updateAttribute,
  ),
  op("get", `${model}/versions`, "Every version in a window, and how it does", listVersions),
  op(
    "get",
    `${model}/versions/comparison`,
    "A challenger beside the champion, on the requests that both answered",
    getVersionComparison,
  ),
  op("get", `${model}/performance`, "How right predictions were, and should be", getPerformance),
  op("get", `${model}/root-cause`, "What explains a change of a model's answers", getRootCause),
  op("patch", `${model}/performance/value`, "Say what each outcome is worth", updateBusinessValue),
  op("get", `${model}/freshness/labels`, "How long labels take to come", getLabelDelay),
  op(
    "patch",
    `${model}/freshness/objective`,
    "Promise how fresh rows are",
    updateFreshnessObjective,
  ),
  op("get", `${model}/segments`, "The values of a tag side by side", listSegments),
  op("get", `${model}/segments/worst`, "Where the model is worse than elsewhere", getWorstSegments),
  op("get", `${model}/segments/keys`, "By which tags rows are profiled", listSegmentKeys),
  op("get", `${model}/segments/suggestions`, "Tags that could be declared", suggestSegmentKeys),
  op("post", `${model}/segments/keys`, "Profile rows by a tag from now on", createSegmentKey),
  op("delete", `${model}/segments/keys/{segmentKey}`, "No longer by this tag", deleteSegmentKey),
  op("get", `${model}/volume`, "How many rows came, by version", getVolume),
  op("get", `${workspace}/incidents`, "Incidents, newest first", listIncidents),
  op("post", `${workspace}/incidents`, "Declare an incident by hand", createIncident),
  op("get", incident, "An incident with its alerts and timeline", getIncident),
  op("patch", incident, "Set title, severity, owner, roles or moments", updateIncident),
  op("get", `${incident}/similar`, "Past incidents of the same shape", listSimilarIncidents),
  op("get", `${incident}/history`, "Who changed what of it", getIncidentHistory),
  op("post", `${incident}/actions`, "Acknowledge, resolve, merge, split, and so on", actOnIncident),
  op("post", `${incident}/updates`, "Tell those who were told how far it is", sendStatusUpdate),
  op("post", `${incident}/notes`, "Write into the timeline", addNote),
  op("patch", `${incident}/timeline/{entryId}`, "Pin an entry, or correct a note", updateEntry),
  {
    method: "post",
    path: `${incident}/images`,
    summary: "Keep a picture for the timeline; the body is the picture itself",
    service: { name: "addImage", input: addImageInput, output: addImageOutput },
    fileTypes: imageTypes,
  },
  {
    method: "get",
    path: `${incident}/images/{imageHash}`,
    summary: "A picture of the timeline",
    service: getImage,
    answerTypes: imageTypes,
  },
  op(
    "get",
    `${incident}/alerts/{alertId}/reproduction`,
    "Whether its evidence is found again in what is stored now",
    reproduceEvidence,
  ),
  op(
    "get",
    `${incident}/alerts/{alertId}/evidence`,
    "Why an alert fired, as it stood then",
    getEvidence,
  ),
  op("get", `${workspace}/alerts`, "What monitors have found, newest first", listAlerts),
  op("get", `${workspace}/monitors`, "Monitors, and what their newest window said", listMonitors),
  op("post", `${workspace}/monitors`, "Watch something from now on", createMonitor),
  op(
    "get",
    `${workspace}/monitors/coverage`,
    "Models and features that nobody watches",
    getMonitorCoverage,
  ),
  op(
    "post",
    `${workspace}/monitors/preview`,
    "Replay a monitor over history before it is saved",
    previewMonitor,
  ),
  op("post", `${workspace}/monitors/defaults`, "Watch a model with the default set", watchModel),
  op(
    "get",
    `${workspace}/monitors/{monitorId}`,
    "A monitor, and how each series came out",
    getMonitor,
  ),
  op("patch", `${workspace}/monitors/{monitorId}`, "Change what a monitor asks", updateMonitor),
  op("delete", `${workspace}/monitors/{monitorId}`, "Delete a monitor", deleteMonitor),
  op(
    "get",
    `${workspace}/monitors/{monitorId}/history`,
    "The values of one series over time",
    getMonitorHistory,
  ),
  op(
    "post",
    `${workspace}/monitors/{monitorId}/run`,
    "Ask about the window that ended last",
    runMonitor,
  ),
  op(
    "post",
    `${workspace}/monitors/{monitorId}/enable`,
    "Switch a monitor on or off",
    enableMonitor,
  ),
  op("get", `${workspace}/fleet`, "All models, worst first", getFleet),
  op(
    "get",
    `${model}/performance/evaluations`,
    "Performance by day, as it was judged and kept",
    listPerformanceEvaluations,
  ),
  op("post", `${model}/runs`, "Evaluate a model now", requestJobRun),
  op("get", `${workspace}/jobs`, "What the worker does, and what waits", getJobStatus),
  op("get", `${workspace}/jobs/runs`, "What the worker did, newest first", listJobRuns),
  op("get", `${workspace}/rejections`, "Rows that were refused, and why", listRejections),
  op("get", `${workspace}/runbooks`, "Runbooks, with their owners and reviews", listRunbooks),
  op("post", `${workspace}/runbooks`, "Write a runbook", createRunbook),
  op("post", `${workspace}/runbooks/check`, "Read a text as it would be saved", checkRunbook),
  op("post", `${workspace}/runbooks/ready`, "Add the ready runbooks", addReadyRunbooks),
  op("get", `${workspace}/runbooks/{runbookId}`, "A runbook as it is now", getRunbook),
  op("patch", `${workspace}/runbooks/{runbookId}`, "Write a new version", updateRunbook),
  op("post", `${workspace}/runbooks/{runbookId}/archive`, "Put away or back", archiveRunbook),
  op("get", `${workspace}/runbooks/{runbookId}/versions`, "Its versions", listRunbookVersions),
  op(
    "get",
    `${workspace}/runbooks/{runbookId}/versions/{version}`,
    "A version, whole",
    getRunbookVersion,
  ),
  op(
    "get",
    `${workspace}/runbooks/{runbookId}/diff`,
    "What changed from one version to another",
    getRunbookDiff,
  ),
  op(
    "get",
    `${workspace}/incidents/{incident}/runbooks`,
    "What an incident is worked on by, and how far it is",
    listIncidentRunbooks,
  ),
  op(
    "post",
    `${workspace}/incidents/{incident}/runbooks`,
    "Attach a runbook by hand",
    attachRunbook,
  ),
  op(
    "post",
    `${workspace}/incidents/{incident}/runbooks/{runbookId}/steps/{stepId}`,
    "Check a step off, leave it out, or take that back",
    checkOffStep,
  ),
  op(
    "post",
    `${workspace}/incidents/{incident}/runbooks/{runbookId}/steps/{stepId}/ask`,
    "Run a query step and pin what it found to the timeline",
    askStep,
  ),
  op(
    "get",
    `${workspace}/insights`,
    "How long incidents took, and what pages were worth",
    getInsights,
  ),
  op("get", `${workspace}/silences`, "Silences that are open, or that have ended", listSilences),
  op("post", `${workspace}/silences`, "Hold pages back for a while", createSilence),
  op("post", `${workspace}/silences/preview`, "What a silence would hide now", previewSilence),
  op("get", `${workspace}/silences/{silenceId}`, "A silence, and what it hid", getSilence),
  op("patch", `${workspace}/silences/{silenceId}`, "Move the end of a silence", updateSilence),
  op("delete", `${workspace}/silences/{silenceId}`, "End a silence now", expireSilence),
  op(
    "get",
    `${workspace}/postmortem-template`,
    "The sections that a postmortem begins with",
    getTemplate,
  ),
  op(
    "patch",
    `${workspace}/postmortem-template`,
    "Write the next version of the template",
    updateTemplate,
  ),
  op("get", `${workspace}/postmortems`, "Postmortems, newest incident first", listPostmortems),
  op(
    "post",
    `${workspace}/postmortems`,
    "Begin the postmortem of a resolved incident",
    createPostmortem,
  ),
  op(
    "get",
    `${workspace}/postmortems/{incident}`,
    "A postmortem, live or as it was published",
    getPostmortem,
  ),
  op(
    "patch",
    `${workspace}/postmortems/{incident}`,
    "Change title, owner, reviewers, or settings to replay",
    updatePostmortem,
  ),
  op(
    "get",
    `${workspace}/postmortems/{incident}/status`,
    "Whether an incident has a postmortem, and its open items",
    getPostmortemStatus,
  ),
  op(
    "get",
    `${workspace}/postmortems/{incident}/sections/{section}`,
    "One section as it is stored",
    getSection,
  ),
  op(
    "patch",
    `${workspace}/postmortems/{incident}/sections/{section}`,
    "Write one section",
    updateSection,
  ),
  op(
    "post",
    `${workspace}/postmortems/{incident}/timeline`,
    "Add an entry to the curated timeline",
    addEntry,
  ),
  op(
    "post",
    `${workspace}/postmortems/{incident}/timeline/import`,
    "Take over what the incident has got since",
    importEntries,
  ),
  op(
    "patch",
    `${workspace}/postmortems/{incident}/timeline/{entryId}`,
    "Include, leave out or reword an entry",
    curateEntry,
  ),
  op(
    "post",
    `${workspace}/postmortems/{incident}/detection`,
    "Replay what would have fired, and at what cost",
    replayDetection,
  ),
  op(
    "post",
    `${workspace}/postmortems/{incident}/actions`,
    "Submit, return, approve, publish or unpublish",
    actOnPostmortem,
  ),
  op("post", `${workspace}/postmortems/{incident}/comments`, "Comment on a section", addComment),
  op(
    "patch",
    `${workspace}/postmortems/{incident}/comments/{commentId}`,
    "Resolve a comment, or open it again",
    resolveComment,
  ),
  op(
    "get",
    `${workspace}/postmortems/{incident}/export`,
    "A postmortem as Markdown or JSON",
    exportPostmortem,
  ),
  op(
    "get",
    `${workspace}/action-items`,
    "What is to be done, and who is behind with it",
    listActionItems,
  ),
  op("post", `${workspace}/action-items`, "Write down what is to be done", createActionItem),
  op(
    "get",
    `${workspace}/action-items/{item}`,
    "An action item, and what happened to it",
    getActionItem,
  ),
  op(
    "patch",
    `${workspace}/action-items/{item}`,
    "Change an action item, or move it on",
    updateActionItem,
  ),
  op(
    "post",
    `${workspace}/action-items/{item}/test`,
    "Run the acceptance test of an item",
    testActionItem,
  ),
  op(
    "post",
    `${workspace}/acceptance-tests/run`,
    "Run the acceptance tests of a workspace",
    runAcceptanceTests,
  ),
  op("get", `${workspace}/schedules`, "Who is on call", listSchedules),
  op("post", `${workspace}/schedules`, "Create a schedule", createSchedule),
  op("get", `${workspace}/schedules/{scheduleId}`, "A schedule, and its next shifts", getSchedule),
  op("patch", `${workspace}/schedules/{scheduleId}`, "Change a schedule", updateSchedule),
  op("delete", `${workspace}/schedules/{scheduleId}`, "Delete a schedule", deleteSchedule),
  op(
    "post",
    `${workspace}/schedules/{scheduleId}/overrides`,
    "Stand in for somebody",
    createOverride,
  ),
  op(
    "delete",
    `${workspace}/schedules/{scheduleId}/overrides/{overrideId}`,
    "End an override",
    deleteOverride,
  ),
  op(
    "get",
    `${workspace}/escalation-policies`,
    "Escalation policies, and whom they page",
    listPolicies,
  ),
  op("post", `${workspace}/escalation-policies`, "Create an escalation policy", createPolicy),
  op(
    "patch",
    `${workspace}/escalation-policies/{policyId}`,
    "Change an escalation policy",
    updatePolicy,
  ),
  op(
    "delete",
    `${workspace}/escalation-policies/{policyId}`,
    "Delete an escalation policy",
    deletePolicy,
  ),
  op("get", `${workspace}/teams`, "Teams, and what they own", listTeams),
  op("post", `${workspace}/teams`, "Create a team", createTeam),
  op("patch", `${workspace}/teams/{teamId}`, "Change a team", updateTeam),
  op("delete", `${workspace}/teams/{teamId}`, "Delete a team", deleteTeam),
  op("get", `${workspace}/slos`, "Objectives, the worst budget first", listSlos),
  op("post", `${workspace}/slos`, "Create an objective", createSlo),
  op("post", `${workspace}/slos/import`, "Create objectives from OpenSLO documents", importSlos),
  op("get", `${workspace}/slos/{sloId}`, "An objective, its budget and its burn", getSlo),
  op("patch", `${workspace}/slos/{sloId}`, "Change an objective", updateSlo),
  op("delete", `${workspace}/slos/{sloId}`, "Delete an objective", deleteSlo),
  op("get", `${workspace}/slos/{sloId}/openslo`, "An objective as an OpenSLO document", exportSlo),
  op("get", `${workspace}/onboarding`, "Whether the first row has come", getOnboarding),
];

function op(
  method: Operation["method"],
  path: string,
  summary: string,
  service: Operation["service"],
): Operation {
  return { method, path, summary, service };
}
