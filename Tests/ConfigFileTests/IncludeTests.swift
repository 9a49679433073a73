import ConfigFile
import FeedModel
import Foundation
import Testing
import WatchCore

@Suite struct IncludeTests {
    @Test func includedFilesAreReadInOrderOfTheirNames() throws {
        let sandbox = try ConfigSandbox([
            "feedwatch.toml":
                "include = ['d/*.toml', 'last.toml']\n[[hook]]\nid = 'z'\nexec = ['/bin/sh']",
            "d/10.toml": "[[hook]]\nid = 'b'\nexec = ['/bin/sh']",
            "d/2.toml": "[[hook]]\nid = 'c'\nexec = ['/bin/sh']",
            "d/01.toml": "[[hook]]\nid = 'a'\nexec = ['/bin/sh']",
            "d/note.txt": "not toml",
            "last.toml": "include = ['d/*.toml', 'feedwatch.toml']",
        ])
        let result = sandbox.load()
        #expect(result.problems.isEmpty)
        #expect(result.configuration?.hooks.map(\.id.rawValue) == ["z", "a", "b", "c"])
        let names = ["feedwatch", "d/01", "d/10", "d/2", "last"]
        #expect(result.files == names.map { sandbox.path($0 + ".toml") })
    }

    @Test func aMissingFileIsAnErrorAndAPatternWithoutMatchAWarning() throws {
        try Mistake("include = [⟦'none/*.toml'⟧]", "no file matches none/*.toml").expect(.warning)
        let marked = MarkedText("include = ['a.toml', ⟦'none.toml'⟧]")
        let sandbox = try ConfigSandbox(["feedwatch.toml": marked.text, "a.toml": ""])
        let result = sandbox.load()
        #expect(result.problems.map(\.mark) == marked.marks)
        let path = sandbox.path("none.toml")
        #expect(
            result.problems.map(\.message)
                == ["\(path) cannot be read: No such file or directory"]
        )
        #expect(result.configuration == nil)
    }

    @Test func aDirectoryThatIsIncludedIsAnError() throws {
        let sandbox = try ConfigSandbox(["feedwatch.toml": "include = 'd'", "d/a.toml": ""])
        #expect(
            sandbox.load().problems.map(\.message) == [
                "\(sandbox.path("d")) cannot be read: it is a directory"
            ]
        )
    }

    @Test func aTableThatThereIsOneOfStandsInOneFile() throws {
        let sandbox = try ConfigSandbox([
            "feedwatch.toml": "include = 'a.toml'\n[watch]\n",
            "a.toml": "[watch]\n[limits]\n",
        ])
        let result = sandbox.load()
        #expect(result.problems.map(\.message) == ["[watch] stands in another file already"])
        #expect(result.problems.first?.hint == "it is at \(sandbox.path("feedwatch.toml")):2")
        #expect(result.problems.first?.file == sandbox.path("a.toml"))
    }

    @Test func setsAndTopicsAreUniqueOverAllFiles() throws {
        let sandbox = try ConfigSandbox([
            "feedwatch.toml": """
            include = 'a.toml'
            [terms.dprk]
            en = 'x'
            [[topic]]
            id = 't'
            query = '@dprk'
            """,
            "a.toml": "[terms.dprk]\nen = 'y'\n[[topic]]\nid = 't'\nquery = 'z'\n",
        ])
        let problems = sandbox.load().errors
        #expect(
            problems.map(\.message)
                == ["there is another term set dprk", "there is another topic t"]
        )
        #expect(problems.map(\.line) == [1, 4])
    }

    @Test func pathsAreRelativeToTheFileThatNamesThem() throws {
        let sandbox = try ConfigSandbox([
            "feedwatch.toml": "include = 'sub/a.toml'",
            "sub/a.toml": "[watch]\nstate = './state'\nlog = '~/m.jsonl'\n",
        ])
        let result = sandbox.load(variables: ["HOME": "/home/me"])
        #expect(result.configuration?.watch.statePath == sandbox.path("sub/state"))
        #expect(result.configuration?.watch.logPath == "/home/me/m.jsonl")
    }

    @Test func aDirectoryWithPatternCharactersInItsNameIsNoPattern() throws {
        let sandbox = try ConfigSandbox([
            "a[1]*/feedwatch.toml": "include = 'd/*.toml'",
            "a[1]*/d/x.toml": "[[hook]]\nid = 'x'\nexec = ['/bin/sh']",
        ])
        let result = sandbox.load("a[1]*/feedwatch.toml")
        #expect(result.problems.isEmpty)
        #expect(result.configuration?.hooks.count == 1)
    }

    @Test func aConfigurationThatIsNotThereIsOneError() throws {
        let sandbox = try ConfigSandbox()
        let result = sandbox.load()
        let path = sandbox.path("feedwatch.toml")
        #expect(result.configuration == nil)
        #expect(
            result.problems.map { $0.rendered(colour: false) } == [
                """
                \(path): error: the configuration cannot be read: No such file or directory
                      = feedwatch init writes one to start from
                """
            ]
        )
    }
}
