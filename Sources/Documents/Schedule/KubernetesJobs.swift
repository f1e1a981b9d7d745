import Billing

/// Jobs as CronJobs of Kubernetes (batch/v1).
package enum KubernetesJobs {
    /// - Parameters:
    ///   - image: the container image with the program.
    ///   - folders: where the container finds the jobs' files and the deployment, each from a ConfigMap.
    package static func files(
        _ jobs: [ScheduledJob], image: String, folders: (jobs: String, deployment: String)
    ) -> [ScheduleFile] {
        jobs.map { ScheduleFile(name: "\($0.unit).yaml", text: cronJob($0, image: image, folders)) }
    }

    private static func cronJob(
        _ job: ScheduledJob, image: String, _ folders: (jobs: String, deployment: String)
    ) -> String {
        let zone = job.zone.map { "\n  timeZone: \(quoted($0))" } ?? ""
        let arguments = job.arguments.map(quoted).joined(separator: ", ")
        return """
            # What 'meterbook schedule kubernetes' writes.
            apiVersion: batch/v1
            kind: CronJob
            metadata:
              name: \(job.unit)
              labels: {app.kubernetes.io/name: meterbook, app.kubernetes.io/component: \(quoted(job.name))}
              annotations: {kubernetes.io/description: \(quoted(job.description))}
            spec:
              schedule: \(quoted(job.cron.text))\(zone)
              # One at a time: a second run would find the books taken, and end with 75.
              concurrencyPolicy: Forbid
              # A night that could not be started at its time is made up for.
              startingDeadlineSeconds: 21600
              successfulJobsHistoryLimit: 7
              failedJobsHistoryLimit: 7
              jobTemplate:
                spec:
                  backoffLimit: 6
                  podFailurePolicy:
                    rules:
                      # A node that goes away says nothing about the job.
                      - action: Ignore
                        onPodConditions:
                          - type: DisruptionTarget
                      # These take a person, and another attempt would end the same.
                      - action: FailJob
                        onExitCodes: {containerName: meterbook, operator: In, values: [\(list(ScheduleStatus.forAPerson))]}
                      # The database or a source is away, or another run is at work.
                      - action: Count
                        onExitCodes: {containerName: meterbook, operator: In, values: [\(list(ScheduleStatus.worthAnother))]}
                  template:
                    metadata:
                      labels: {app.kubernetes.io/name: meterbook, app.kubernetes.io/component: \(quoted(job.name))}
                    spec:
                      restartPolicy: Never
                      automountServiceAccountToken: false
                      # A Service called meterbook would put variables into the environment that are no settings.
                      enableServiceLinks: false
                      # The program ends its batch and says so.
                      terminationGracePeriodSeconds: 120
                      securityContext:
                        runAsNonRoot: true
                        runAsUser: 10001
                        runAsGroup: 10001
                        seccompProfile: {type: RuntimeDefault}
                      containers:
                        - name: meterbook
                          image: \(quoted(image))
                          args: [\(arguments)]
                          env:
                            # The cluster keeps what a run does.
                            - {name: METERBOOK_LOG_LEVEL, value: info}
                          envFrom:
                            # METERBOOK_… and PGHOST, PGDATABASE, PGUSER, PGPASSWORD … as libpq has them.
                            - secretRef: {name: meterbook}
                          securityContext:
                            allowPrivilegeEscalation: false
                            readOnlyRootFilesystem: true
                            capabilities: {drop: [ALL]}
                          volumeMounts:
                            - {name: jobs, mountPath: \(quoted(folders.jobs)), readOnly: true}
                            - {name: deployment, mountPath: \(quoted(folders.deployment)), readOnly: true}
                            - {name: tmp, mountPath: /tmp}
                      volumes:
                        - name: jobs
                          configMap: {name: meterbook-jobs}
                        - name: deployment
                          configMap: {name: meterbook-deployment}
                        - name: tmp
                          emptyDir: {}

            """
    }

    private static func list(_ codes: [Int]) -> String { codes.map { "\($0)" }.joined(separator: ", ") }

    /// A YAML string in double quotes, which is one of JSON.
    private static func quoted(_ text: String) -> String {
        var writer = JSONWriter(.compact)
        writer.append(ascii: UInt8(ascii: "\""))
        writer.escape(text)
        writer.append(ascii: UInt8(ascii: "\""))
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
