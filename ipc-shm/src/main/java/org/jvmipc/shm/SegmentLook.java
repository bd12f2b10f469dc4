package org.jvmipc.shm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jvmipc.posix.Life;
import org.jvmipc.spi.Inspected;
import org.jvmipc.spi.Inspected.Condition;
import org.jvmipc.spi.Inspected.FileFacts;
import org.jvmipc.spi.Inspected.Verdict;

/** Describes the file of a segment, of whatever kind and in whatever state. */
final class SegmentLook {
    /** Of memory whose content is to be described: no content that anybody describes is larger. */
    private static final int CONTENT = 1 << 20;
    private static final int LARGEST_HEADER = SegmentLayout.HEADER_SIZE
            + 2 * SegmentLayout.MAX_PLACES * SegmentLayout.SLOT_SIZE;

    /** It takes a creator less, unless it is stopped. */
    private static final int FRESH_SECONDS = 5;

    private final PeerLives lives;
    private final List<SegmentContent> contents;

    SegmentLook(PeerLives lives, List<SegmentContent> contents) {
        this.lives = lives;
        this.contents = contents;
    }

    /** Describes a file; null if it is no segment, and nothing says that it should be one. */
    Inspected describe(FileFacts facts, boolean named) {
        Path file = facts.path();
        try (SegmentCopy copy = new SegmentCopy(file)) {
            ByteBuffer header = copy.read(0, (int) Math.min(copy.size(), LARGEST_HEADER));
            if (!SegmentCheck.isToolkits(header)) {
                return named ? nothing(facts, copy) : null;
            }
            Inspected found = new Inspected(SegmentNames.name(file, header), SegmentNames.kind(header, contents),
                    file.toString()).file(facts);
            if (SegmentCheck.isUnfinished(header)) {
                return unfinished(found, facts, header.getLong(SegmentLayout.CREATOR_PID));
            }
            String problem = SegmentCheck.problem(header, copy.size());
            if (!problem.isEmpty()) {
                found.condition(Condition.DAMAGED, problem);
                return damagedVerdict(found, header);
            }
            if (SegmentCheck.isMemory(header)) {
                memory(copy, header, found);
            } else {
                new RingLook(copy, header, lives, found).describe();
                verdict(found, Places.all(header, Geometry.of(header)));
            }
            return found;
        } catch (IndexOutOfBoundsException | IllegalArgumentException truncated) {
            return new Inspected(file.toString(), "segment", file.toString()).file(facts)
                    .condition(Condition.DAMAGED, "it was truncated while it was read")
                    .verdict(Verdict.KEPT, "it is not known who uses it; name it to remove it");
        } catch (IOException refused) {
            return named ? new Inspected(SegmentNames.name(file, null), "segment", file.toString()).file(facts)
                    .condition(Condition.UNREADABLE, "it may not be read by this user") : null;
        }
    }

    private Inspected nothing(FileFacts facts, SegmentCopy copy) {
        Inspected found = new Inspected(SegmentNames.name(facts.path(), null), "segment", facts.path().toString())
                .file(facts);
        if (copy.size() == 0) {
            found.condition(Condition.UNFINISHED, "it has no bytes: its creator is just making it, or died then");
            return unfinishedVerdict(found, facts);
        }
        return found.condition(Condition.DAMAGED, "it does not begin as a segment does")
                .verdict(Verdict.KEPT, "it is not known who uses it; name it to remove it");
    }

    private Inspected unfinished(Inspected found, FileFacts facts, long creator) {
        found.condition(Condition.UNFINISHED, "its creator, pid " + creator + ", has not finished it");
        return unfinishedVerdict(found, facts);
    }

    /** Who makes one holds its lock meanwhile, which is tried before anything is removed. */
    private static Inspected unfinishedVerdict(Inspected found, FileFacts facts) {
        boolean fresh = facts.created().isAfter(Instant.now().minusSeconds(FRESH_SECONDS));
        return fresh ? found.verdict(Verdict.IN_USE, "it was begun less than " + FRESH_SECONDS + " s ago")
                : found.verdict(Verdict.DEAD, "its creator died before it was ready");
    }

    /** Slots that are there are believed, as whoever lives may still have the memory mapped. */
    private Inspected damagedVerdict(Inspected found, ByteBuffer header) {
        boolean memory = SegmentCheck.isMemory(header);
        Geometry geometry = Geometry.of(header);
        boolean legible = memory ? header.limit() >= SharedLayout.HEADER_SIZE
                : geometry.isSound() && header.limit() >= Math.min(geometry.headerBytes(), LARGEST_HEADER);
        if (!legible) {
            return found.verdict(Verdict.KEPT, "too little of it is left to tell who uses it; name it to remove it");
        }
        if (memory) {
            participants(found, header);
            return verdict(found, slots(header));
        }
        for (Slot slot : Places.all(header, geometry)) {
            if (SegmentLayout.isAttached(slot.presence())) {
                found.peer(lives.peer("participant", slot.occupant(), -1, RingLook.note(slot.presence())));
            }
        }
        return verdict(found, Places.all(header, geometry));
    }

    private static List<Slot> slots(ByteBuffer header) {
        Participants participants = new Participants(header, false);
        List<Slot> slots = new ArrayList<>();
        for (int i = 0; i < SharedLayout.SLOT_COUNT; i++) {
            slots.add(participants.slot(i));
        }
        return slots;
    }

    private void participants(Inspected found, ByteBuffer header) {
        for (Slot slot : slots(header)) {
            long presence = slot.presence();
            if (SegmentLayout.isAttached(presence)) {
                found.peer(lives.peer("participant", slot.occupant(), -1, RingLook.note(presence)));
            }
        }
    }

    private void memory(SegmentCopy copy, ByteBuffer header, Inspected found) throws IOException {
        String type = SharedHeader.type(header);
        found.detail("type", SharedHeader.printable(type));
        found.detail("memory", header.getLong(SharedLayout.SIZE));
        found.detail("generation", Long.toHexString(header.getLong(SharedLayout.GENERATION)));
        found.detail("creator pid", header.getLong(SharedLayout.CREATOR_PID));
        participants(found, header);
        verdict(found, slots(header));
        for (SegmentContent content : contents) {
            if (content.knows(type)) {
                ByteBuffer whole = copy.read(0, (int) Math.min(copy.size(), CONTENT));
                SegmentView view = new SegmentView(found.name(), whole, lives);
                content.describe(view, found);
                String needed = content.needed(view);
                if (found.verdict() == Verdict.DEAD && !needed.isEmpty()) {
                    found.verdict(Verdict.KEPT, needed);
                }
            }
        }
    }

    private Inspected verdict(Inspected found, List<Slot> slots) {
        int dead = 0;
        boolean kept = false;
        String living = "";
        for (Slot slot : slots) {
            long presence = slot.presence();
            if (!SegmentLayout.isAttached(presence)) {
                continue;
            }
            Participant who = slot.occupant();
            Life life = lives.life(who);
            kept |= (presence & SegmentLayout.KEEPS) != 0;
            if (life == Life.DEAD) {
                dead++;
            } else if (living.isEmpty()) {
                living = who.info() + (life == Life.ALIVE ? " lives" : " cannot be seen from here and may live");
            }
        }
        if (!living.isEmpty()) {
            return found.verdict(Verdict.IN_USE, living);
        }
        if (kept) {
            return found.verdict(Verdict.KEPT, "all who used it are dead, and one of them wanted it kept");
        }
        return dead > 0 ? found.verdict(Verdict.DEAD, dead == 1 ? "the one who used it is dead"
                : "all " + dead + " who used it are dead")
                : found.verdict(Verdict.KEPT, "nobody has it open, and its last user left it to be kept");
    }
}
