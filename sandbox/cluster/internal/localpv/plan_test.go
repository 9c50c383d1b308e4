package localpv

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

var place = Place{Root: "/volumes", Node: "node", Class: "fast"}

func claim(uid, class string, phase corev1.PersistentVolumeClaimPhase) *corev1.PersistentVolumeClaim {
	return &corev1.PersistentVolumeClaim{
		ObjectMeta: metav1.ObjectMeta{Name: "data", Namespace: "ns", UID: types.UID(uid)},
		Spec:       corev1.PersistentVolumeClaimSpec{StorageClassName: &class},
		Status:     corev1.PersistentVolumeClaimStatus{Phase: phase},
	}
}

func volume(name, class string, phase corev1.PersistentVolumePhase) *corev1.PersistentVolume {
	v := &corev1.PersistentVolume{ObjectMeta: metav1.ObjectMeta{Name: name}}
	v.Spec.StorageClassName = class
	v.Spec.Local = &corev1.LocalVolumeSource{Path: "/volumes/" + name}
	v.Status.Phase = phase
	return v
}

func TestOnlyPendingClaimsOfTheClassGetAVolume(t *testing.T) {
	leaving := claim("leaving", "fast", corev1.ClaimPending)
	leaving.DeletionTimestamp = &metav1.Time{}
	classless := claim("classless", "", corev1.ClaimPending)
	classless.Spec.StorageClassName = nil
	p := decide(place, []*corev1.PersistentVolumeClaim{
		claim("a", "fast", corev1.ClaimPending), claim("b", "slow", corev1.ClaimPending),
		claim("c", "fast", corev1.ClaimBound), leaving, classless,
	}, nil)
	if len(p.create) != 1 || len(p.remove) != 0 {
		t.Fatalf("plan %+v", p)
	}
	v := p.create[0]
	if v.Name != "pvc-a" || v.Spec.Local.Path != "/volumes/pvc-a" || v.Spec.ClaimRef.UID != "a" {
		t.Errorf("volume %s at %s for %s", v.Name, v.Spec.Local.Path, v.Spec.ClaimRef.UID)
	}
	term := v.Spec.NodeAffinity.Required.NodeSelectorTerms[0].MatchExpressions[0]
	if term.Key != corev1.LabelHostname || term.Values[0] != "node" {
		t.Errorf("volume is bound to %v", term)
	}
}

func TestAClaimWithAVolumeIsLeftAlone(t *testing.T) {
	p := decide(place, []*corev1.PersistentVolumeClaim{claim("a", "fast", corev1.ClaimPending)},
		[]*corev1.PersistentVolume{volume("pvc-a", "fast", corev1.VolumeAvailable)})
	if len(p.create)+len(p.remove) != 0 {
		t.Errorf("plan %+v", p)
	}
}

func TestOnlyReleasedVolumesOfTheClassAreRemoved(t *testing.T) {
	foreign := volume("foreign", "fast", corev1.VolumeReleased)
	foreign.Spec.Local = nil
	going := volume("going", "fast", corev1.VolumeReleased)
	going.DeletionTimestamp = &metav1.Time{}
	p := decide(place, nil, []*corev1.PersistentVolume{
		volume("a", "fast", corev1.VolumeReleased), volume("b", "slow", corev1.VolumeReleased),
		volume("c", "fast", corev1.VolumeBound), foreign, going,
	})
	if len(p.remove) != 1 || p.remove[0] != "a" {
		t.Errorf("plan %+v", p)
	}
}
