package bpnn.app.command;

import bpnn.app.manual.CommandReference;
import bpnn.app.manual.ManualPage;
import bpnn.app.session.ExitCode;
import bpnn.app.session.Session;
import bpnn.io.file.AtomicFile;
import bpnn.lab.run.RunFolder;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes what a shell and {@code man} need to know, and the reference in docs/command-line.md; the build calls it. */
@Command(
        name = "docs",
        description =
                "Writes the completion for bash and zsh (bpnn.bash), the manual page (bpnn.1) and the reference of the command line (command-line.md).")
public final class DocsCommand implements Callable<Integer> {
    private final Session session;

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "Folder to write them to.")
    private Path out = Path.of("");

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    public DocsCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        CommandLine root = spec.root().commandLine();
        Path folder = RunFolder.at(out).path();
        AtomicFile.write(folder.resolve("bpnn.bash"), AutoComplete.bash("bpnn", root));
        AtomicFile.write(folder.resolve("bpnn.1"), ManualPage.of(root));
        AtomicFile.write(folder.resolve("command-line.md"), CommandReference.of(root));
        session.result(
                "Completion, manual page and reference are in " + folder + ".",
                JsonNodeFactory.instance.objectNode().put("folder", folder.toString()));
        return ExitCode.DONE;
    }
}
