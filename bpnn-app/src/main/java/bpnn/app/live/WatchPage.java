package bpnn.app.live;

import bpnn.data.ImageFormat;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** A page of runs that somebody else steers; nothing can be changed there. */
public final class WatchPage extends RunsPage<ShownRun> {
    private final String name;
    private final ImageFormat format;
    private final int trainImages;
    private final int judgedImages;
    private final boolean measured;

    /**
     * @param name of the data set
     * @param format of its images
     * @param trainImages how many are learnt from
     * @param judgedImages how many are judged by
     * @param measured whether gradients and updates can be known
     */
    public WatchPage(String name, ImageFormat format, int trainImages, int judgedImages, boolean measured) {
        this.name = name;
        this.format = format;
        this.trainImages = trainImages;
        this.judgedImages = judgedImages;
        this.measured = measured;
    }

    /** Shows one more run; of those that are over, the earliest gives way where there are too many. */
    public synchronized void add(ShownRun run) {
        List<ShownRun> next = new ArrayList<>(runs());
        while (next.size() >= MOST_RUNS) {
            next.stream()
                    .filter(each -> each.view().status() != RunView.Status.RUNNING)
                    .findFirst()
                    .ifPresentOrElse(next::remove, () -> next.remove(0));
        }
        next.add(run);
        show(next);
    }

    /** Whether anybody looks. */
    public boolean isLookedAt() {
        return isWatched();
    }

    @Override
    protected ObjectNode data() {
        ObjectNode data = data(name, format);
        data.put("train", trainImages);
        data.put("validation", judgedImages);
        data.put("readOnly", true);
        data.put("measured", measured);
        return data;
    }

    @Override
    public void command(JsonNode command) {
        throw new IllegalArgumentException(
                "This page watches what another command trains; nothing can be changed here. ./bpnn play can.");
    }

    @Override
    public ImageFormat format() {
        return format;
    }
}
