import ConfigFile
import Foundation
import Testing
import WatchCore

@Suite struct SecretTests {
    private func value(
        _ header: String,
        files: [String: String] = [:],
        variables: [String: String] = [:]
    ) throws -> (value: String?, problems: [ConfigProblem]) {
        let text = "[[feed]]\nurl = 'http://a/'\nheaders = { X-Pass = \(header) }\n"
        let sandbox = try ConfigSandbox(files.merging(["feedwatch.toml": text]) { $1 })
        var variables = variables
        if variables["CREDENTIALS_DIRECTORY"] == "here" {
            variables["CREDENTIALS_DIRECTORY"] = sandbox.path("credentials")
        }
        let result = sandbox.load(variables: variables)
        return (result.configuration?.feeds.first?.headers.first?.value, result.problems)
    }

    @Test func aSecretComesFromACredentialAFileOrTheEnvironment() throws {
        let here = ["CREDENTIALS_DIRECTORY": "here"]
        let plain = try value(
            "{ credential = 'k' }",
            files: ["credentials/k": "one\n"],
            variables: here
        )
        #expect(plain.value == "one")
        let prefixed = try value(
            "{ credential = 'k' }",
            files: ["credentials/secret_k": "two\r\n"],
            variables: here
        )
        #expect(prefixed.value == "two")
        let file = try value("{ file = 'keys/k' }", files: ["keys/k": "three"])
        #expect(file.value == "three")
        let variable = try value("{ env = 'FEED_KEY' }", variables: ["FEED_KEY": "four"])
        #expect(variable.value == "four")
        #expect((plain.problems + prefixed.problems + file.problems + variable.problems).isEmpty)
    }

    @Test(arguments: [
        Mistake(
            "{ credential = ⟦'k'⟧ }",
            "the credential k is missing: there is no credentials directory",
            "outside the service set CREDENTIALS_DIRECTORY to the folder that holds it"
        ),
        Mistake("{ credential = ⟦'../k'⟧ }", "credential wants a name, not a path"),
        Mistake("{ credential = ⟦'..'⟧ }", "credential wants a name, not a path"),
        Mistake(
            "{ file = ⟦'/no/such/file'⟧ }",
            "the secret cannot be read: No such file or directory"
        ),
        Mistake("{ file = ⟦'/dev/zero'⟧ }", "the secret cannot be read: it is not a file"),
        Mistake("{ file = ⟦'/tmp'⟧ }", "the secret cannot be read: it is a directory"),
        Mistake("{ env = ⟦'NOT_SET'⟧ }", "the environment variable NOT_SET is not set"),
        Mistake("⟦{}⟧", "a secret has exactly one of credential, file and env"),
        Mistake(
            "⟦{ env = 'A', file = 'B' }⟧",
            "a secret has exactly one of credential, file and env"
        ),
        Mistake(
            "⟦12⟧",
            "X-Pass wants a string or a secret, not an integer",
            "write { credential = \"NAME\" }, { file = \"PATH\" } or { env = \"NAME\" }"
        ),
        Mistake("⟦\"a\\nb\"⟧", "the value of X-Pass holds a line break or control character"),
    ])
    func aSecretThatIsMissingIsAnError(mistake: Mistake) throws {
        try Mistake(
            "[[feed]]\nurl = 'http://a/'\nheaders = { X-Pass = \(mistake.text) }",
            mistake.message,
            mistake.hint
        ).expect()
    }

    @Test func noProblemShowsAValue() throws {
        let cases: [(String, [String: String], [String: String])] = [
            ("\"hunter2\\n\"", [:], [:]),
            ("'hunter2', Authorization = 'hunter2', x = 1", [:], [:]),
            ("{ file = 'k' }", ["k": "hunter2\u{1}"], [:]),
            ("{ env = 'K' }", [:], ["K": "hunter2\u{1}"]),
            ("'hunter2' }\nunknown = { a = 'b'", [:], [:]),
        ]
        for (header, files, variables) in cases {
            let outcome = try value(header, files: files, variables: variables)
            #expect(!outcome.problems.isEmpty, "\(header)")
            for problem in outcome.problems {
                #expect(!problem.rendered(colour: false).contains("hunter2"), "\(header)")
            }
        }
    }

    @Test func aSecretThatStandsOpenIsAWarning() throws {
        try Mistake(
            "[[feed]]\nurl = 'http://a/'\nheaders = { Authorization = ⟦'x'⟧ }",
            "Authorization stands open in this file",
            "keep it as { credential = \"NAME\" }, { file = \"PATH\" } or { env = \"NAME\" }"
        ).expect(.warning)
    }

    @Test(arguments: [
        Mistake("⟦'a b'⟧", "no name of a header: a b"),
        Mistake("⟦Host⟧", "Host is set by feedwatch itself"),
        Mistake("⟦if-none-match⟧", "if-none-match is set by feedwatch itself"),
    ])
    func headersHaveUsableNames(mistake: Mistake) throws {
        try Mistake(
            "[[feed]]\nurl = 'http://a/'\nheaders = { \(mistake.text) = 'x' }",
            mistake.message,
            mistake.hint
        ).expect()
    }

    @Test(arguments: [Data(), Data([0x0A]), Data([0xFF]), Data(repeating: 0x61, count: 65_537)])
    func aSecretFileHoldsASecret(content: Data) throws {
        let sandbox = try ConfigSandbox([
            "feedwatch.toml": "[[feed]]\nurl = 'http://a/'\nheaders = { A = { file = 'k' } }"
        ])
        try sandbox.write("k", content)
        #expect(sandbox.load().errors.count == 1)
    }
}
