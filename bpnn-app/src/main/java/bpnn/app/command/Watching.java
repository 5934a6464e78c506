package bpnn.app.command;

import bpnn.app.live.RunView;
import bpnn.app.live.WatchPage;
import bpnn.app.live.WatchedRun;
import bpnn.app.option.Desktop;
import bpnn.app.option.PageOptions;
import bpnn.app.option.WatchOption;
import bpnn.app.session.Session;
import bpnn.data.Dataset;
import bpnn.lab.probe.NetworkView;
import bpnn.lab.run.RunPlan;
import bpnn.lab.run.TrainingRun;
import bpnn.web.PlayServer;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The page of {@code --watch}, or none. It is there as long as the command works, and stays as it is in a browser then. */
final class Watching implements AutoCloseable {
    private final @Nullable WatchPage page;
    private final @Nullable PlayServer server;

    private Watching(@Nullable WatchPage page, @Nullable PlayServer server) {
        this.page = page;
        this.server = server;
    }

    /** Opens the page, if it was asked for, and says where. */
    static Watching open(Session session, WatchOption option, RunPlan.Images images) {
        OptionalInt port = option.port();
        if (port.isEmpty()) {
            return new Watching(null, null);
        }
        Desktop.require("The page that watches a training");
        Dataset train = images.train();
        Dataset judged = images.validation();
        WatchPage page =
                new WatchPage(train.name(), train.format(), train.size(), judged == null ? 0 : judged.size(), true);
        PageOptions place = PageOptions.onLoopback("--watch", port.getAsInt());
        PlayServer server =
                place.open((address, host) -> new PlayServer(address, host, page, session::faultOfARequest));
        // Also for the quiet: without it there is no page.
        session.terminal().err().println("Watch at " + place.url(server.port()));
        return new Watching(page, server);
    }

    /** Shows a training in the page. */
    void watch(TrainingJob job, TrainingRun run, RunPlan plan, Map<String, String> options, Path folder) {
        if (page == null) {
            return;
        }
        RunView view = new RunView(
                null,
                RecordedOptions.knobs(options),
                RecordedOptions.commandLine(options),
                plan.stepsPerEpoch(),
                plan.training().epochs(),
                plan.images().validation());
        view.keepIn(folder);
        WatchedRun watched =
                watched(page, view, run.view(), plan.images(), plan.training().batchSize());
        job.watch(watched);
        job.show(view);
    }

    /** Shows a training in the page, whose end somebody else tells; null if there is no page. */
    @Nullable
    WatchedRun watch(RunView view, NetworkView network, RunPlan.Images images, int batchSize) {
        return page == null ? null : watched(page, view, network, images, batchSize);
    }

    private static WatchedRun watched(
            WatchPage page, RunView view, NetworkView network, RunPlan.Images images, int batchSize) {
        Dataset judged = images.validation() == null ? images.train() : images.validation();
        WatchedRun watched = new WatchedRun(view, network, judged, batchSize, page::isLookedAt);
        page.add(watched);
        return watched;
    }

    @Override
    public void close() {
        if (page != null) {
            page.close();
        }
        if (server != null) {
            server.finish();
            server.close();
        }
    }
}
