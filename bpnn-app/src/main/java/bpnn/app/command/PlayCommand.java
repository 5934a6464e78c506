package bpnn.app.command;

import bpnn.app.option.BackendOptions;
import bpnn.app.option.DataOptions;
import bpnn.app.option.Desktop;
import bpnn.app.option.OutputCheck;
import bpnn.app.option.PageOptions;
import bpnn.app.option.SplitOptions;
import bpnn.app.session.ExitCode;
import bpnn.app.session.Session;
import bpnn.backend.Selection;
import bpnn.lab.run.RunFolder;
import bpnn.web.PlayServer;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows a page on which networks learn. */
@Command(
        name = "play",
        sortOptions = false,
        description = {
            "Shows a page in the browser on which networks learn: choose how, start up to four side by side, and see curves,"
                    + " units and weights change while they do; draw, and each answers as it stands.",
            "Each of them is an ordinary training with a run folder. Ctrl-C ends it, and keeps what was learnt."
        })
public final class PlayCommand implements Callable<Integer> {
    private static final Path RUNS = Path.of("runs");

    private final Session session;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Folder of the runs' folders (default: runs/<time>-play).")
    private @Nullable Path out;

    @Mixin
    private final PageOptions page = new PageOptions();

    @Mixin
    private final DataOptions data = new DataOptions();

    @Mixin
    private final SplitOptions split = new SplitOptions();

    @Mixin
    private final BackendOptions backends = new BackendOptions();

    public PlayCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Desktop.require("The page on which networks learn");
        page.address();
        split.check();
        OutputCheck.folder("The folder", out == null ? RUNS : out);
        PlayData library = new PlayData(session, data, split);
        PlayData.Loaded first = library.first();
        Selection selection = backends.select(session);
        backends.compute().announce(session, selection);
        CountDownLatch stop = new CountDownLatch(1);
        return StopSignal.during(() -> play(library, first, selection, stop), stop::countDown);
    }

    /** Named by the time at which the first run begins. */
    private Path folder() {
        return out == null
                ? RunFolder.create(RUNS, "play", LocalDateTime.now(ZoneId.systemDefault()))
                        .path()
                : out;
    }

    private int play(PlayData library, PlayData.Loaded first, Selection selection, CountDownLatch stop) {
        try (Playground playground = new Playground(
                        session,
                        library,
                        first,
                        () -> backends.compute().open(session.silent(), selection),
                        this::folder);
                PlayServer server = page.open(
                        (address, host) -> new PlayServer(address, host, playground, session::faultOfARequest))) {
            String url = page.url(server.port());
            session.result(
                    "Play at " + url + " (Ctrl-C ends it)",
                    JsonNodeFactory.instance.objectNode().put("url", url));
            stop.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return ExitCode.INTERRUPTED;
    }
}
