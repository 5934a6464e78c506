package bpnn.app.command;

import bpnn.app.live.WatchPage;
import bpnn.app.option.BackendOptions;
import bpnn.app.option.Desktop;
import bpnn.app.option.PageOptions;
import bpnn.app.option.UsageException;
import bpnn.app.session.ExitCode;
import bpnn.app.session.Session;
import bpnn.data.DataException;
import bpnn.io.file.AtomicFile;
import bpnn.lab.run.RunFolder;
import bpnn.lab.run.RunRecord;
import bpnn.spi.Backend;
import bpnn.web.PlayServer;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows a page that follows run folders. */
@Command(
        name = "watch",
        sortOptions = false,
        description = {
            "Shows a page in the browser that follows a run folder: one that another program is writing, also on another"
                    + " machine over a shared folder, or one that is complete. After each epoch it has new curves, layers,"
                    + " weights and mistakes.",
            "It reads and changes nothing. train --watch sees more, since it looks from within. Ctrl-C ends it."
        })
public final class WatchCommand implements Callable<Integer> {
    private static final long ANSWER_MILLIS = 100;
    private static final int TURNS_OF_A_POLL = 5;
    private static final int TURNS_OF_A_SEARCH = 20;

    private final Session session;

    @Parameters(
            paramLabel = "RUN",
            description =
                    "Folder of a run, or one whose folders are runs, such as that of train --members or of play; of"
                            + " these the latest four are shown.")
    private Path run = Path.of("");

    @Option(names = "--dataset", paramLabel = "DIR", description = "Where the images lie now, if they were moved.")
    private @Nullable String dataset;

    @Option(names = "--data-dir", paramLabel = "DIR", description = "Where MNIST lies now, if it was moved.")
    private @Nullable Path dataDir;

    private final Map<RunFolder, String> begun = new HashMap<>();

    @Mixin
    private final PageOptions page = new PageOptions();

    @Mixin
    private final BackendOptions backends = new BackendOptions();

    public WatchCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Desktop.require("The page that watches a training");
        page.address();
        List<RunFolder> folders = folders();
        if (folders.isEmpty()) {
            throw new DataException("There is no run in " + run
                    + ": neither it nor a folder in it has a run.json. train" + " writes one when it begins.");
        }
        CountDownLatch stop = new CountDownLatch(1);
        try (Backend backend = backends.open(session)) {
            return StopSignal.during(() -> follow(folders, backend, stop), stop::countDown);
        }
    }

    /** The latest runs, in the order in which they began to be written. */
    private List<RunFolder> folders() {
        if (!Files.isDirectory(run)) {
            throw new UsageException("RUN is " + run + ", but "
                    + (Files.exists(run)
                            ? "that is no folder; name the folder of the run."
                            : "there is no such folder."));
        }
        if (Files.exists(new RunFolder(run).record())) {
            return List.of(new RunFolder(run));
        }
        try (Stream<Path> inside = Files.list(run)) {
            inside.map(RunFolder::new)
                    .filter(folder -> Files.exists(folder.record()))
                    .forEach(folder -> begun.computeIfAbsent(folder, this::whenBegun));
        } catch (IOException e) {
            throw new DataException(run + " could not be read: " + AtomicFile.reason(e) + ".", e);
        }
        List<RunFolder> found = begun.entrySet().stream()
                .filter(entry -> !entry.getValue().isEmpty())
                .sorted(Map.Entry.<RunFolder, String>comparingByValue()
                        .thenComparing(entry -> entry.getKey().path()))
                .map(Map.Entry::getKey)
                .toList();
        return found.subList(Math.max(0, found.size() - WatchPage.MOST_RUNS), found.size());
    }

    /** Empty if it cannot be told, of which a warning tells; the other runs are shown all the same. */
    private String whenBegun(RunFolder folder) {
        try {
            return RunRecord.read(folder.record()).path("started").asText();
        } catch (DataException e) {
            session.warning(String.valueOf(e.getMessage()));
            return "";
        }
    }

    private int follow(List<RunFolder> folders, Backend backend, CountDownLatch stop) {
        FollowedRuns runs = new FollowedRuns(session, backend, dataset, dataDir, folders.get(0));
        folders.forEach(runs::add);
        try (runs;
                PlayServer server = page.open(
                        (address, host) -> new PlayServer(address, host, runs.page(), session::faultOfARequest))) {
            String url = page.url(server.port());
            session.result(
                    "Watch at " + url + " (Ctrl-C ends it)",
                    JsonNodeFactory.instance.objectNode().put("url", url));
            for (int turn = 1; !stop.await(ANSWER_MILLIS, TimeUnit.MILLISECONDS); turn++) {
                runs.answer();
                if (turn % TURNS_OF_A_POLL == 0) {
                    runs.poll();
                }
                if (turn % TURNS_OF_A_SEARCH == 0) {
                    folders().forEach(runs::add);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return ExitCode.INTERRUPTED;
    }
}
