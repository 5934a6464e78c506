package bpnn.app.command;

import bpnn.app.option.BackendOptions;
import bpnn.app.session.ExitCode;
import bpnn.app.session.Session;
import bpnn.backend.BackendCatalogue;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists the backends, and says of each one that cannot be used why. */
@Command(
        name = "backends",
        description = "Lists the backends, and says of each one that cannot be used why, and what helps.")
public final class BackendsCommand implements Callable<Integer> {
    private final Session session;

    @Mixin
    private final BackendOptions options = new BackendOptions();

    public BackendsCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        BackendCatalogue catalogue = options.compute().catalogue(session);
        StringBuilder text = new StringBuilder();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        BackendReport.describe(catalogue, session.terminal().lineLimit(), text, json);
        session.result(text.toString().stripTrailing(), json);
        return ExitCode.DONE;
    }
}
