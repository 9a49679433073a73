import Glibc
import Testing

@testable import ServiceHost

@Suite struct ProcessEnvironmentTests {
    @Test func theProcessesOwnEnvironmentIsRead() {
        let environment = ProcessEnvironment.current()
        #expect(environment["PATH"]?.isEmpty == false)
        #expect(environment["FEEDWATCH_NO_SUCH_VARIABLE"] == nil)
    }

    @Test func anEmptyVariableCountsAsUnset() {
        let environment = ProcessEnvironment(["NO_COLOR": "", "HOME": "/root"])
        #expect(environment["NO_COLOR"] == nil)
        #expect(!environment.refusesColour)
        #expect(ProcessEnvironment(["NO_COLOR": "1"]).refusesColour)
    }

    struct PathRow: CustomTestStringConvertible, Sendable {
        var environment: [String: String]
        var paths: [String]
        var testDescription: String { "\(environment)" }
    }

    @Test(arguments: [
        PathRow(environment: [:], paths: ["/etc/feedwatch/feedwatch.toml"]),
        PathRow(
            environment: ["HOME": "/home/ann"],
            paths: [
                "/home/ann/.config/feedwatch/feedwatch.toml", "/etc/feedwatch/feedwatch.toml",
            ]
        ),
        PathRow(
            environment: ["HOME": "/home/ann", "XDG_CONFIG_HOME": "/cfg"],
            paths: ["/cfg/feedwatch/feedwatch.toml", "/etc/feedwatch/feedwatch.toml"]
        ),
        PathRow(
            environment: ["HOME": "/home/ann", "XDG_CONFIG_HOME": "relative"],
            paths: [
                "/home/ann/.config/feedwatch/feedwatch.toml", "/etc/feedwatch/feedwatch.toml",
            ]
        ),
        PathRow(
            environment: ["HOME": "/h", "CONFIGURATION_DIRECTORY": "/etc/feedwatch:/etc/more"],
            paths: ["/etc/feedwatch/feedwatch.toml"]
        ),
        PathRow(
            environment: ["FEEDWATCH_CONFIG": "my.toml", "CONFIGURATION_DIRECTORY": "/etc/f"],
            paths: ["my.toml"]
        ),
    ])
    func theConfigurationIsLookedForWhereTheContractSays(row: PathRow) {
        #expect(ProcessEnvironment(row.environment).configurationPaths == row.paths)
    }

    @Test func theServiceManagersFoldersComeBeforeTheUsers() {
        let service = ProcessEnvironment([
            "HOME": "/root", "STATE_DIRECTORY": "/var/lib/feedwatch",
            "LOGS_DIRECTORY": "/var/log/feedwatch", "RUNTIME_DIRECTORY": "/run/feedwatch",
            "CREDENTIALS_DIRECTORY": "/run/credentials/feedwatch.service",
        ])
        #expect(service.statePath == "/var/lib/feedwatch")
        #expect(
            service.logPath(statePath: "/var/lib/feedwatch") == "/var/log/feedwatch/matches.jsonl"
        )
        #expect(service.controlPath(statePath: "/s") == "/run/feedwatch/control.sock")
        #expect(service.credentialsPath == "/run/credentials/feedwatch.service")
        let user = ProcessEnvironment(["HOME": "/home/ann"])
        #expect(user.statePath == "/home/ann/.local/state/feedwatch")
        #expect(user.logPath(statePath: "/s") == "/s/matches.jsonl")
        #expect(user.controlPath(statePath: "/s") == "/s/control.sock")
        #expect(ProcessEnvironment().statePath == nil)
    }

    @Test func aShellLooksForTheDaemonWhereTheServiceListensToo() {
        let shell = ProcessEnvironment(["HOME": "/root"])
        #expect(
            shell.controlPaths(statePath: "/s") == [
                "/s/control.sock", "/run/feedwatch/control.sock",
            ]
        )
        let service = ProcessEnvironment(["RUNTIME_DIRECTORY": "/run/feedwatch"])
        #expect(
            service.controlPaths(statePath: "/s") == [
                "/run/feedwatch/control.sock", "/s/control.sock",
            ]
        )
    }

    @Test func childrenSeeNothingOfTheServiceManager() {
        let environment = ProcessEnvironment([
            "PATH": "/bin", "LANG": "C.UTF-8", "NOTIFY_SOCKET": "/run/systemd/notify",
            "WATCHDOG_USEC": "1", "WATCHDOG_PID": "2", "LISTEN_FDS": "1", "LISTEN_PID": "3",
            "LISTEN_FDNAMES": "a", "CREDENTIALS_DIRECTORY": "/c", "JOURNAL_STREAM": "8:1",
            "INVOCATION_ID": "i", "LIBDISPATCH_LOG": "NO",
        ])
        #expect(environment.forChildren == ["LANG=C.UTF-8", "PATH=/bin"])
    }

    @Test func privateVariablesAreTakenOutOfTheProcess() async {
        await #expect(processExitsWith: .success) {
            setenv("NOTIFY_SOCKET", "/run/systemd/notify", 1)
            setenv("LIBDISPATCH_LOG", "NO", 1)
            ProcessEnvironment.forgetPrivateValues()
            let after = ProcessEnvironment.current()
            precondition(after["NOTIFY_SOCKET"] == nil)
            precondition(after["LIBDISPATCH_LOG"] == "NO", "libdispatch has yet to read it")
            precondition(after["PATH"] != nil)
        }
    }
}
